namespace Relais.Telephony.Recordings;

/// <summary>Marks the resources of the texts about calls, their recordings and their quality.</summary>
internal sealed class CallTexts;
