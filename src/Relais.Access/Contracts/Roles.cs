namespace Relais.Access.Contracts;

/// <summary>What a person is at the institute; somebody may have several.</summary>
public static class Roles
{
    public const string Administrator = "administrator";
    public const string Supervisor = "supervisor";
    public const string Auditor = "auditor";
    public const string Interviewer = "interviewer";
    public const string Researcher = "researcher";
    /// <summary>Reads published audience figures, and nothing else of a study.</summary>
    public const string Reader = "reader";

    public const string Staff = "staff";
    public const string Contractor = "contractor";

    public static readonly IReadOnlyList<string> All = [Administrator, Auditor, Supervisor, Interviewer, Researcher, Reader, Staff, Contractor];
}
