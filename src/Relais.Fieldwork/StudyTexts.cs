namespace Relais.Fieldwork;

/// <summary>Marks the texts of the pages that prepare and follow studies: questionnaires, waves, rules, quotas, samples, teams, exports.</summary>
internal sealed class StudyTexts;
