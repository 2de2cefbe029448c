namespace Relais.Telephony;

/// <summary>Marks the resources of the texts about telephony.</summary>
internal sealed class TelephonyTexts;
