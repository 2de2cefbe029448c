namespace Relais.Telephony.Contracts;

/// <summary>Why a number is not called.</summary>
public enum NumberRefusal
{
    Malformed,

    /// <summary>Outside of France and its overseas territories.</summary>
    Foreign,

    /// <summary>The call itself costs more than a call, to us: 08 and their like.</summary>
    Premium,

    /// <summary>On the trunk's own list.</summary>
    Forbidden,
}

/// <summary>How the wish to call ended.</summary>
public abstract record PlaceResult
{
    private PlaceResult()
    {
    }

    public sealed record Placed(Guid Call) : PlaceResult;

    public sealed record Refused(NumberRefusal Why) : PlaceResult;

    /// <summary>This person is on the telephone already.</summary>
    public sealed record Calling : PlaceResult;

    /// <summary>No line is there, none answers, or none has a number of the class that is to be shown.</summary>
    public sealed record NoTrunk : PlaceResult;

    public sealed record Full : PlaceResult;

    /// <summary>It must be recorded, and this node's disk has no room.</summary>
    public sealed record NotRecordable : PlaceResult;

    /// <summary>Nobody could speak: this person's headset is not connected.</summary>
    public sealed record NoVoice : PlaceResult;
}
