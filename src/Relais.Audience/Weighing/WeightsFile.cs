using System.Text;
using Relais.Audience.Files;

namespace Relais.Audience.Weighing;

/// <summary>Weights as <c>relais weigh</c> writes them: <c>id,weight</c>.</summary>
internal sealed class WeightsFile
{
    private readonly string _path;
    private readonly Identifiers _ids = new();
    private readonly Growing<double> _weights = new();
    private bool[] _used = [];

    private WeightsFile(string path) => _path = path;

    public static WeightsFile Read(string path, bool decimalComma)
    {
        var file = new WeightsFile(path);
        using var table = CsvTable.Open(path, decimalComma);
        var (id, weight) = (table.Column("id"), table.Column("weight"));
        foreach (var row in table)
        {
            if (file._ids.Add(row.Required(id)) < 0)
                throw Duplicates.At(path, row, id, "id");
            file._weights.Add(row.Number(weight));
        }

        file._used = new bool[file._ids.Count];
        return file;
    }

    /// <summary>The weight of a respondent of the sample.</summary>
    public double Of(CsvRow row, int id)
    {
        var at = _ids.Find(row.Text(id));
        if (at < 0)
            throw row.Bad(id, $"the respondent {row.Text(id)} has no weight in {_path}", "Weigh this sample first, or name the right file.");
        _used[at] = true;
        return _weights[at];
    }

    public void CheckAllUsed(int respondents, string sample)
    {
        if (respondents == _ids.Count)
            return;
        var left = Encoding.UTF8.GetString(_ids[Array.IndexOf(_used, value: false)]);
        throw new BadFileException(_path, null, "id", FormattableString.Invariant($"{_ids.Count - respondents} of its ids are not in {sample}, such as {left}"), "Estimates need the whole sample that was weighed: a part of it is a domain (--by).");
    }
}
