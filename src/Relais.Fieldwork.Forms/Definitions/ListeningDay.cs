namespace Relais.Fieldwork.Forms.Definitions;

/// <summary>How the day before is asked, by time slot. Hours run past 24 for a day that ends in the night: 29:00 is 5 in the morning.</summary>
/// <param name="Stations">List of stations; its choices may have columns <c>frequency</c> and <c>nickname</c> (several, separated by <c>|</c>) for the search.</param>
/// <param name="FirstMinute">Start of the first slot, minutes after midnight of the day asked about: 0 to 1439.</param>
/// <param name="LastMinute">End of the last slot, the same way: above <paramref name="FirstMinute"/>, at most 24 hours after it.</param>
/// <param name="SlotMinutes">Length of a slot: 5, 10, 15, 30 or 60; it divides the day.</param>
/// <param name="Places">List of places; null when places are not asked.</param>
/// <param name="Devices">List of devices; null when devices are not asked.</param>
/// <param name="Moments">List of moments of the day; each choice has columns <c>from</c> and <c>to</c> (HH:mm) and its label is the prompt. Null prompts for none.</param>
public sealed record ListeningDay(string Stations, int FirstMinute, int LastMinute, int SlotMinutes, string? Places, string? Devices, string? Moments);
