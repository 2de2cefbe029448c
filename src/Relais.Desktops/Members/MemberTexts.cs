namespace Relais.Desktops.Members;

/// <summary>Names the resources of emptying machines and of those that do not answer.</summary>
internal sealed class MemberTexts;
