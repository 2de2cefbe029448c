namespace Relais.Portal.Appearance;

/// <summary>A page that does not follow what the person chose: a screen on a wall, a frame in another site.</summary>
/// <param name="theme">"dark" or "light"; "query" for what the address says as <c>?theme=</c>, and without it as the device says.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class PageThemeAttribute(string theme) : Attribute
{
    public string Theme => theme;
}
