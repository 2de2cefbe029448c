namespace Relais.Gateway.Protocols.Feeds;

/// <summary>One machine that a client may open ([MS-TSWP] 2.2.2.1.4). Always of the type "Desktop".</summary>
/// <param name="Id">The same at each fetch, and unlike every other one's.</param>
/// <param name="Title">As people read it. Free text: what XML cannot hold is left out.</param>
/// <param name="LastUpdated">When something about it last changed: clients fetch its file again then, and not before.</param>
/// <param name="File">Where its .rdp file is, from the root of the server.</param>
/// <param name="Icon">Where an icon file with several sizes is.</param>
/// <param name="Icon32">Where a PNG of 32 by 32 pixels is.</param>
/// <param name="Icon256">Where a PNG of 256 by 256 pixels is.</param>
public sealed record FeedResource(
    string Id, string Title, DateTimeOffset LastUpdated, string File, string Icon, string Icon32, string Icon256);
