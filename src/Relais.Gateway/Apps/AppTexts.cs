namespace Relais.Gateway.Apps;

/// <summary>Marks the resources of the apps' texts.</summary>
internal sealed class AppTexts;
