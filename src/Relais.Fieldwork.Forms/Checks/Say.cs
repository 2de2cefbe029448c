using Relais.Fieldwork.Forms.Definitions;

namespace Relais.Fieldwork.Forms.Checks;

/// <summary>What is said of each thing that can be wrong: what it is, and what to do. One method a code.</summary>
internal static partial class Say
{
    public static Finding More(bool errors) => new(errors ? FindingLevel.Error : FindingLevel.Note, "more", Origin.File, new(
        "Il y a d'autres constats : corrigez ceux-ci et vérifiez de nouveau.",
        "There are more findings: correct these and check again."));

    private static Finding Error(string code, Origin origin, string french, string english) => new(FindingLevel.Error, code, origin, new(french, english));

    private static Finding Warning(string code, Origin origin, string french, string english) => new(FindingLevel.Warning, code, origin, new(french, english));

    private static Finding Note(string code, Origin origin, string french, string english) => new(FindingLevel.Note, code, origin, new(french, english));

    /// <summary>What an author wrote, cut so that a cell of a megabyte does not fill the report.</summary>
    private static string Cut(string written)
    {
        var line = written.ReplaceLineEndings(" ");
        return line.Length <= 80 ? line : line[..77] + "…";
    }

    private static string MeantFr(string? nearest) => nearest is null ? "" : $" Vouliez-vous dire « {nearest} » ?";

    private static string MeantEn(string? nearest) => nearest is null ? "" : $" Did you mean \"{nearest}\"?";
}
