using Microsoft.Extensions.Localization;
using Relais.Portal.Kit;

namespace Relais.Telephony.Trunks;

/// <summary>How a trunk's state is shown.</summary>
internal static class TrunkWords
{
    public static (StateKind Kind, string Key) State(Trunk trunk) => trunk switch
    {
        { Enabled: false } => (StateKind.Idle, "Trunk.Off"),
        { Reach: TrunkReach.Silent } => (StateKind.Bad, "Trunk.Silent"),
        { Registers: true, Registration: RegistrationState.Refused } => (StateKind.Bad, "Trunk.Refused"),
        { Registers: true, Registration: RegistrationState.Waiting } => (StateKind.Busy, "Trunk.Waiting"),
        { Reach: TrunkReach.Answers } => (StateKind.Good, "Trunk.Ready"),
        _ => (StateKind.Busy, "Trunk.Unknown"),
    };

    public static string? Of(this IReadOnlyList<TrunkFault> faults, string field, IStringLocalizer text) =>
        faults.FirstOrDefault(f => f.Field == field) is { } fault ? text[$"Fault.{fault.Code}"].Value : null;
}
