using System.Net;
using Relais.Access.Contracts;
using Relais.Kernel.Audit;

namespace Relais.Gateway.Contracts;

/// <summary>A native client that asks for itself, with nobody at a page.</summary>
/// <param name="Person">Whose it is.</param>
/// <param name="SignIn">Its own sign-in.</param>
/// <param name="Actor">For the audit trail.</param>
/// <param name="From">Where it asks from.</param>
public sealed record NativeCaller(PersonCard Person, SignInId SignIn, Actor Actor, IPAddress? From);

/// <summary>Something that a native client may open at any time.</summary>
/// <param name="Kind">"desktop", "pool" or "workstation".</param>
/// <param name="Id">Stays the same for as long as the person means the same by it.</param>
/// <param name="Name">What people call it. Free text.</param>
/// <param name="Clipboard">The policy of now.</param>
/// <param name="Inspected">
/// Whether the gateway signs in and ends the client's RDP security, so that its file names the gateway; otherwise the target asks the person.
/// </param>
public sealed record NativeResource(string Kind, Guid Id, string Name, ClipboardPolicy Clipboard, bool Inspected)
{
    /// <summary>Which picture stands beside it: "desktop" or "workstation".</summary>
    public string Picture { get; init; } = Kind;
}

/// <summary>What came of opening one.</summary>
public abstract record NativeOpening
{
    private NativeOpening() { }

    /// <summary>It may be opened, with this token.</summary>
    public sealed record Ready(SessionGrant Grant) : NativeOpening;

    /// <summary>It starts, or wakes up: to be asked again.</summary>
    public sealed record Busy : NativeOpening;

    /// <summary>Not now, or not by this person.</summary>
    /// <param name="Why">A stable word for the audit trail, such as "workstation-changed".</param>
    public sealed record Refused(string Why) : NativeOpening;
}

/// <summary>What a module lets native clients open by themselves. One for each kind of target; a service of each request.</summary>
public interface INativeTargets
{
    /// <summary>The kind of all its targets.</summary>
    string Kind { get; }

    /// <summary>Exactly what this person may open by RDP from there now, in the order in which people look for it.</summary>
    Task<IReadOnlyList<NativeResource>> ListAsync(NativeCaller caller, CancellationToken cancel);

    /// <summary>Opens one, or begins to: every rule is asked anew.</summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="id">Of <see cref="NativeResource.Id"/>.</param>
    /// <param name="inspected">What the client's file is made for: see <see cref="NativeResource.Inspected"/>.</param>
    /// <param name="resume">The client's open session on it, to go on with.</param>
    /// <param name="cancel">Gives up.</param>
    Task<NativeOpening> OpenAsync(NativeCaller caller, Guid id, bool inspected, SessionId? resume, CancellationToken cancel);
}
