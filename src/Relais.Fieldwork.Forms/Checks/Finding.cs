using Relais.Fieldwork.Forms.Definitions;

namespace Relais.Fieldwork.Forms.Checks;

/// <summary>How grave a finding is.</summary>
public enum FindingLevel
{
    /// <summary>Worth knowing: something of the file is not used.</summary>
    Note,

    /// <summary>The form runs, and probably not as its author meant.</summary>
    Warning,

    /// <summary>The form cannot be used.</summary>
    Error,
}

/// <summary>Something that is wrong with a form or not supported, where, and what to do about it.</summary>
/// <param name="Level">How grave.</param>
/// <param name="Code">A short name that never changes, such as <c>unknown-list</c>; documented in docs/questionnaires.md.</param>
/// <param name="Origin">Where.</param>
/// <param name="Text">What is wrong and what to do.</param>
public sealed record Finding(FindingLevel Level, string Code, Origin Origin, BilingualText Text);

/// <summary>What became of a file.</summary>
/// <param name="Definition">The form; null when nothing could be made of the file. Usable only when <see cref="Usable"/>.</param>
/// <param name="Findings">In the order of the file.</param>
public sealed record FormImport(FormDefinition? Definition, IReadOnlyList<Finding> Findings)
{
    /// <summary>There is a form and nothing forbids to run it.</summary>
    public bool Usable => Definition is not null && Findings.All(finding => finding.Level != FindingLevel.Error);
}
