namespace Relais.Desktops.Transfer;

/// <summary>Marks the texts of files that are carried in and out.</summary>
internal sealed class TransferTexts;
