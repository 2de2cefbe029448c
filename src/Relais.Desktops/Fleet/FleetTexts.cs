namespace Relais.Desktops.Fleet;

/// <summary>Marks the texts of bundles and of what is done with many desktops.</summary>
internal sealed class FleetTexts;
