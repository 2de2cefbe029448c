namespace Relais.Telephony.Protocols;

/// <summary>What a parser found in the bytes so far.</summary>
public enum ReadResult
{
    Complete,
    NeedMore,
    Malformed,
}
