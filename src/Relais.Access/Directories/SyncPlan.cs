using System.Security.Cryptography;
using System.Text;
using Relais.Access.Imports;

namespace Relais.Access.Directories;

/// <summary>Somebody of ours whom the directory shuts out, or lets in again.</summary>
/// <param name="Gone">It does not list them any more; else it lists them as disabled.</param>
internal sealed record SyncPerson(Guid Id, string UserName, string Name, bool Gone);

/// <summary>An entry that can't be taken over, and why. It is left out; the others are not held up by it.</summary>
/// <param name="Entry">Its name in the directory.</param>
internal sealed record SyncProblem(string Entry, ImportFault Fault);

/// <summary>Who of ours is which entry of the directory.</summary>
internal sealed record SyncTie(string UserName, string Key);

/// <summary>Exactly what a synchronisation will do, before it does.</summary>
/// <param name="Listed">How many entries the directory gave.</param>
/// <param name="MayLose">Of how many people, who may sign in and are tied to the directory, it could shut some out.</param>
internal sealed record SyncPlan(
    ImportPlan People, IReadOnlyList<SyncPerson> Disabled, IReadOnlyList<SyncPerson> Enabled, IReadOnlyList<SyncProblem> Problems, IReadOnlyList<SyncTie> Ties,
    int Listed, int MayLose, int MostPercent)
{
    public bool Ready => People.Ready || Disabled.Count > 0 || Enabled.Count > 0;

    /// <summary>More would be shut out than may be without somebody having looked.</summary>
    public bool TooManyDisabled => Disabled.Count * 100 > MostPercent * MayLose;

    public string Mark => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
        $"{People.Mark} {string.Join(' ', Disabled.Select(p => p.Id))} {string.Join(' ', Enabled.Select(p => p.Id))}")));
}
