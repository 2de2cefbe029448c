namespace Relais.Fieldwork.Forms;

/// <summary>A text of the product in its two languages, French first.</summary>
/// <param name="French">As read by default.</param>
/// <param name="English">Beside it.</param>
public sealed record BilingualText(string French, string English);
