using System.Net;
using Relais.Access.Contracts;
using Relais.Gateway.Contracts;

namespace Relais.Gateway.Sessions;

/// <summary>A session as the institute's rules of access are asked about it.</summary>
internal static class SessionConditions
{
    private const string Desktop = "desktop";

    public static AccessAsked Of(Session session, GrantDoor door, string? address) => new(
        new PersonId(session.PersonId), new SignInId(session.SignInId),
        WhatOf(session.TargetKind) | (door == GrantDoor.Native ? AccessTarget.NativeClient : AccessTarget.None),
        IPAddress.TryParse(address, out var from) ? from : null);

    private static AccessTarget WhatOf(string kind) =>
        string.Equals(kind, Desktop, StringComparison.Ordinal) ? AccessTarget.Desktop : AccessTarget.Workstation;
}
