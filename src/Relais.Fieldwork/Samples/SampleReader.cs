using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Relais.Fieldwork.Rules;

namespace Relais.Fieldwork.Samples;

/// <summary>
/// Makes cases of lines. Columns by name: id, phone (phone2, phone3 ... for more), zone, language, skill, priority, replicate; all others are what the
/// sample says of the respondent.
/// </summary>
internal sealed class SampleReader(SampleSettings settings, IReadOnlyCollection<string> known, LineFaults faults)
{
    private const int LongestKey = 200;
    private const int LongestValue = 4000;
    private const int MostReplicates = 10_000;

    private static readonly string[] Own = ["id", "zone", "language", "skill", "priority", "replicate"];
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    private readonly HashSet<string> _keys = new(StringComparer.Ordinal);
    private readonly Dictionary<string, bool> _zones = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _texts = new(StringComparer.Ordinal);
    private readonly ArrayBufferWriter<byte> _json = new();
    private readonly List<int> _phones = [];
    private readonly List<(int Column, string Name)> _fields = [];
    private readonly List<(int Column, string Name)> _known = [];
    private readonly Dictionary<string, int> _own = new(StringComparer.Ordinal);

    /// <returns>Whether the columns suffice; else the faults say which are missing.</returns>
    public bool Begin(IReadOnlyList<string> columns)
    {
        for (var i = 0; i < columns.Count; i++)
        {
            var name = columns[i];
            if (Array.Find(Own, o => o.Equals(name, StringComparison.OrdinalIgnoreCase)) is { } own)
                _own[own] = i;
            else if (name.StartsWith("phone", StringComparison.OrdinalIgnoreCase) && name[5..].All(char.IsAsciiDigit))
                _phones.Add(i);
            else if (name.Length > 0)
                _fields.Add((i, name));
        }

        _known.AddRange(_fields.Where(f => known.Contains(f.Name, StringComparer.Ordinal)));
        if (!_own.ContainsKey("id"))
            faults.Add(new LineFault(1, "id", "column-missing", string.Join(", ", columns)));
        if (_phones.Count == 0)
            faults.Add(new LineFault(1, "phone", "column-missing", string.Join(", ", columns)));
        foreach (var name in settings.Known?.Where(k => _known.TrueForAll(f => f.Name != k)) ?? [])
            faults.Add(new LineFault(1, name, "column-missing", string.Join(", ", columns)));
        return faults.Count == 0;
    }

    /// <returns>Null when the line is refused; the faults say why.</returns>
    public NewCase? Read(SampleTable table)
    {
        var before = faults.Count;
        var key = table.Text(_own["id"]).ToString();
        if (key.Length is 0 or > LongestKey)
            Fault(table, "id", key.Length == 0 ? "id-empty" : "id-long", key);
        else if (!_keys.Add(key))
            Fault(table, "id", "id-twice", key);
        var numbers = Numbers(table);
        var zone = Shared(Value(table, "zone"));
        if (zone.Length == 0)
            zone = (numbers.Count > 0 ? PhoneNumber.ZoneOf(numbers[0]) : null) ?? settings.Zone;
        if (!IsZone(zone))
            Fault(table, "zone", "zone", zone);
        var language = Shared(Value(table, "language"));
        if (language.Length > 20)
            Fault(table, "language", "language", language);
        var priority = Number(table, "priority", 5, 0, 9);
        var replicate = _own.ContainsKey("replicate") ? Number(table, "replicate", 1, 1, MostReplicates)
            : settings.Replicates <= 1 ? 1 : (int)(CaseWriter.Scramble((ulong)table.Line) % (ulong)settings.Replicates) + 1;
        if (faults.Count > before)
            return null;
        var pool = new NewPool(Known(table), zone, language.Length == 0 ? settings.Language : language, Shared(Value(table, "skill")), (short)priority);
        return new NewCase(key, pool, replicate, numbers, Fields(table, _fields));
    }

    private List<long> Numbers(SampleTable table)
    {
        var numbers = new List<long>(_phones.Count);
        foreach (var column in _phones)
        {
            if (table.Text(column) is not { Length: > 0 } text)
                continue;
            if (PhoneNumber.Parse(text, settings.Country) is not { } number)
                Fault(table, table.Columns[column], "phone", text.ToString());
            else if (!numbers.Contains(number))
                numbers.Add(number);
        }

        if (numbers.Count == 0 && _phones.TrueForAll(p => table.Text(p).IsEmpty))
            Fault(table, "phone", "phone-empty", null);
        return numbers;
    }

    private int Number(SampleTable table, string column, int otherwise, int least, int most)
    {
        var text = Value(table, column);
        if (text.IsEmpty)
            return otherwise;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
            return number;
        Fault(table, column, "number", text.ToString());
        return otherwise;
    }

    private string Known(SampleTable table) => _known.Count == 0 ? "{}" : Shared(Fields(table, _known));

    private string Fields(SampleTable table, List<(int Column, string Name)> fields)
    {
        _json.ResetWrittenCount();
        using (var writer = new Utf8JsonWriter(_json, Plain))
        {
            writer.WriteStartObject();
            foreach (var (column, name) in fields)
            {
                var text = table.Text(column);
                if (text.Length > LongestValue || text.Contains('\0'))
                    Fault(table, name, "value", null);
                else
                    writer.WriteString(name, text);
            }

            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(_json.WrittenSpan);
    }

    private ReadOnlySpan<char> Value(SampleTable table, string name) => _own.TryGetValue(name, out var column) ? table.Text(column) : [];

    // A million cases say the same few things of themselves.
    private string Shared(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty)
            return "";
        if (_texts.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(text, out var known))
            return known;
        var made = text.ToString();
        if (_texts.Count < 100_000)
            _texts[made] = made;
        return made;
    }

    private bool IsZone(string zone)
    {
        if (!_zones.TryGetValue(zone, out var known))
            _zones[zone] = known = CallCalendar.Zone(zone) is not null;
        return known;
    }

    private void Fault(SampleTable table, string column, string code, string? named) => faults.Add(new LineFault(table.Line, column, code, named));
}
