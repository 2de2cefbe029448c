using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Relais.Audience.Inputs;
using Relais.Audience.Numerics.Targets;
using Relais.Audience.Universes;

namespace Relais.Audience.Studies;

/// <summary>
/// Checks targets against the respondents that a study imported last: a variable that they don't have would fail the next run. An answer that nobody gave
/// may come with the next wave, so it is only told.
/// </summary>
internal static class CheckTargets
{
    private const int MostNamed = 30;
    private const int MostUnknownAnswers = 20;

    /// <param name="text">The list as it was typed, a target a line, well formed.</param>
    /// <returns>What refuses the targets, and what is only doubtful. Nothing when no file of respondents is there, or it does not fit the settings.</returns>
    public static async Task<(IReadOnlyList<SettingFault> Faults, IReadOnlyList<SettingFault> Doubts)> AgainstRespondentsAsync(
        AudienceDb db, Guid study, SurveyColumns columns, string? text, CancellationToken cancel)
    {
        var latest = await db.Inputs.AsNoTracking()
            .Where(i => i.Kind == InputKind.Respondents && db.Waves.Any(w => w.Id == i.WaveId && w.StudyId == study))
            .OrderByDescending(i => i.ImportedAt).ThenByDescending(i => i.Id).FirstOrDefaultAsync(cancel);
        if (latest is null)
            return ([], []);
        var bytes = await KeptInput.ReadAsync(db, latest.Id, cancel);
        if (Respondents.Read(KeptInput.Opener(bytes), columns, [], targets: null, new ImportFaults(), cancel) is not { } respondents)
            return ([], []);
        // Of the answers only the list counts, not who gave them.
        IReadOnlyList<Variable> variables = [.. respondents.Variables.Select(v => new Variable(v.Name, v.Levels, []))];
        var answers = await UniverseAnswersAsync(db, study, cancel);
        var (faults, doubts) = (new List<SettingFault>(), new List<SettingFault>());
        foreach (var (line, number) in ReadSettings.Lines(text))
            Check(line, number, variables, answers, faults, doubts);
        return (faults, doubts);
    }

    /// <summary>A fault of a line whose expression begins after its first colon, with its place in that line.</summary>
    public static SettingFault Fault(string line, int number, TargetError error, params IReadOnlyList<string> more)
    {
        var colon = line.IndexOf(':', StringComparison.Ordinal);
        return new SettingFault(nameof(StudyFields.Targets), $"target.{error.Kind}", number, line[..colon].Trim())
        {
            More = [error.Subject, line[(colon + 1)..].Trim(), $"{colon + 1 + error.Position}", .. more],
        };
    }

    /// <summary>A fault in words; what is missing is named by the program in English.</summary>
    public static string In(SettingFault fault, IStringLocalizer text)
    {
        var missing = fault.Code == $"target.{TargetErrorKind.Expected}" && text[$"Expected.{fault.More[0]}"] is { ResourceNotFound: false } known ? known.Value : null;
        object[] named = [fault.Named ?? "", .. missing is null ? fault.More : [missing, .. fault.More.Skip(1)]];
        return text[fault.Code.StartsWith("target.", StringComparison.Ordinal) && fault.More.Count < 4 ? $"Run.Fault.{fault.Code}" : $"Fault.{fault.Code}", named];
    }

    private static void Check(
        string line, int number, IReadOnlyList<Variable> variables, HashSet<string> answers, List<SettingFault> faults, List<SettingFault> doubts)
    {
        var expression = line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..];
        for (var unknown = 0; unknown < MostUnknownAnswers && TargetExpression.Check(expression, variables) is { } error; unknown++)
        {
            if (error.Kind != TargetErrorKind.UnknownLevel)
            {
                var names = variables.Select(v => v.Name).ToList();
                faults.Add(error.Kind == TargetErrorKind.UnknownVariable
                    ? Fault(line, number, error, string.Join(", ", names.Take(MostNamed)) + (names.Count > MostNamed ? ", …" : ""))
                    : Fault(line, number, error));
                return;
            }

            if (!answers.Contains(error.Subject))
                doubts.Add(Fault(line, number, error));
            // Taken as known, to see whether the rest is in order.
            variables = [.. variables.Select(v => v.IsNumeric ? v : new Variable(v.Name, [.. v.Levels, error.Subject], []))];
        }
    }

    private static async Task<HashSet<string>> UniverseAnswersAsync(AudienceDb db, Guid study, CancellationToken cancel)
    {
        var margins = await db.Universes.AsNoTracking().Where(u => db.Waves.Any(w => w.StudyId == study && w.UniverseId == u.Id)).Select(u => u.Margins).ToListAsync(cancel);
        return margins.SelectMany(AudienceJson.Read<List<MarginTotal>>).SelectMany(m => m.Level.Split('*')).ToHashSet(StringComparer.Ordinal);
    }
}
