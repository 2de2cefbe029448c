using Relais.Access.Groups;

namespace Relais.Access.Accounts;

/// <summary>How the audit trail names what something was done to.</summary>
internal static class Subject
{
    public static string Of(Person person) => $"person:{person.Id}";

    public static string Of(Group group) => $"group:{group.Id}";
}
