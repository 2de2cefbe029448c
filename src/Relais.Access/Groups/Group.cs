using Relais.Access.Accounts;

namespace Relais.Access.Groups;

/// <summary>People who belong together at the institute: a site, a department, a team.</summary>
internal sealed class Group
{
    public const int NameLength = 80;

    public Guid Id { get; init; } = Guid.CreateVersion7();

    public required string Name { get; set; }

    /// <summary>What makes "Lille" and "LILLE" one group.</summary>
    public required string NormalizedName { get; set; }

    public List<Person> People { get; } = [];
}
