using Relais.Access.Accounts;
using Relais.Access.SignIns;

namespace Relais.Access.NativeClients;

/// <summary>
/// A remote desktop program of a person's own, which signs in by itself with a password made for it alone. It is one of the person's
/// sign-ins, so that whatever ends those ends it: when it was last used and whether it still stands is in that row.
/// </summary>
internal sealed class NativeClient
{
    public const int NameLength = 60;

    /// <summary>The id of its sign-in, too.</summary>
    public Guid Id { get; init; }

    public required string Name { get; init; }

    public required byte[] PasswordHash { get; init; }

    /// <summary>The last day of the institute on which it was used; null when it never was.</summary>
    public DateOnly? UsedOn { get; set; }
}

/// <summary>A native client with the rows that say whether it stands.</summary>
internal sealed class NativeClientRow
{
    public required NativeClient Client { get; init; }

    public required SignIn SignIn { get; init; }

    public required Person Person { get; init; }
}
