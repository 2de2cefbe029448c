namespace Relais.Telephony.Contracts;

/// <summary>A call whose voice has been bad for longer than a moment, and still is.</summary>
/// <param name="Cause">What it most likely is: "trunk", "institute", "wireless", "bandwidth", "computer" or "homenetwork".</param>
public sealed record BadVoice(Guid Person, Guid Call, string Cause);
