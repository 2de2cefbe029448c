using Relais.Fieldwork.Rules;
using Relais.Fieldwork.Studies;
using Relais.Telephony.Contracts;

namespace Relais.Fieldwork.Dialling;

/// <summary>How a wave is called by itself, and whether it is held back. Its row is the lock under which calls are placed and interviewers leave, whichever node does it.</summary>
internal sealed class WaveDialler
{
    public const int MessageLength = 400;
    public const double UsualLimit = 0.03;
    public const decimal UsualLimitPercent = 3m;
    public const decimal HighestLimitPercent = 5m;

    /// <summary>Nobody is hung up on before their telephone has rung for so long: who runs to it would find silence.</summary>
    public const int LeastRingSeconds = 15;

    public const int LongestRingSeconds = 55;
    public const int UsualRingSeconds = 25;

    /// <summary>Said to respondents, who are French.</summary>
    public const string UsualMessage =
        "Bonjour. Un institut d’études vient de vous appeler pour une enquête. Aucun enquêteur n’est libre en ce moment : veuillez nous excuser. "
        + "Ce n’était pas un appel commercial, et nous ne vous rappellerons pas avant trois jours. Au revoir.";

    public required int WaveId { get; init; }

    /// <summary>The share of answered calls that may find no interviewer, over 24 h and over the day.</summary>
    public double AbandonmentLimit { get; set; } = UsualLimit;

    /// <summary>How long a telephone rings before we give up.</summary>
    public short RingSeconds { get; set; } = UsualRingSeconds;

    /// <summary>What those hear who answered and for whom nobody is free.</summary>
    public string Message { get; set; } = UsualMessage;

    /// <summary>Places no more calls; those under way go on.</summary>
    public bool Paused { get; set; }

    public string PausedBy { get; set; } = "";

    public DateTimeOffset? PausedAt { get; set; }

    /// <summary>Why the last look placed fewer calls than interviewers might like: a code of "Dialler.Holding.CODE"; empty: nothing held it back.</summary>
    public string Holding { get; set; } = "";

    public DateTimeOffset? LookedAt { get; set; }

    /// <summary>The wave's day and limit now.</summary>
    public static AbandonmentLimit LimitOf(Wave wave, double limit, DateTimeOffset now)
    {
        var zone = CallCalendar.Zone(wave.Zones.FirstOrDefault() ?? "Europe/Paris") ?? TimeZoneInfo.Utc;
        var today = TimeZoneInfo.ConvertTime(now, zone).Date;
        return new AbandonmentLimit(limit, MinuteOf(now), Midnight(today), Midnight(today.AddDays(1)));

        long Midnight(DateTime day) => MinuteOf(new DateTimeOffset(day, zone.GetUtcOffset(day)));
    }

    public static long MinuteOf(DateTimeOffset at) => at.ToUnixTimeSeconds() / 60;
}

/// <summary>A case that Relais calls by itself, from the choice to an interviewer or to its end. Its id holds the case meanwhile, as a person's would.</summary>
internal sealed class DialledCall
{
    /// <summary>Also the person of its hold and of its call, until somebody is there to speak.</summary>
    public required Guid Id { get; init; }

    public required long CaseId { get; init; }

    public required int WaveId { get; init; }

    /// <summary>The node that carries the call.</summary>
    public required string Node { get; init; }

    public required DateTimeOffset PlacedAt { get; init; }

    /// <summary>Telephony's call; null: it is being placed.</summary>
    public Guid? CallId { get; set; }

    public DateTimeOffset? AnsweredAt { get; set; }

    /// <summary>By then it is decided; if not, its node is gone.</summary>
    public required DateTimeOffset Until { get; init; }
}

/// <summary>An interviewer who waits for a call. They stay until they get one, or until the limit bears that they go.</summary>
internal sealed class DialSeat
{
    public required Guid PersonId { get; init; }

    public required int WaveId { get; init; }

    public required DateTimeOffset Since { get; init; }

    /// <summary>The last sign of their console.</summary>
    public required DateTimeOffset SeenAt { get; set; }

    /// <summary>The node at which their headset is connected; null: at none.</summary>
    public string? Node { get; set; }

    /// <summary>They wish to go, and nobody is called for them any more.</summary>
    public bool Leaving { get; set; }
}

/// <summary>The ledger: a wave's answered calls that were decided in a minute, and those of them that were abandoned. What the limit needs survives all restarts.</summary>
internal sealed class DialMinute
{
    public required int WaveId { get; init; }

    /// <summary>Since 1970.</summary>
    public required long Minute { get; init; }

    public required int Answered { get; init; }

    public required int Abandoned { get; init; }
}
