using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Relais.Telephony.Protocols.Sdp;

/// <summary>Which way audio goes, seen from whoever wrote the description.</summary>
public enum MediaDirection
{
    Both,
    SendOnly,
    ReceiveOnly,
    Inactive,
}

/// <summary>One coding of audio that a side can take.</summary>
/// <param name="PayloadType">0 to 127.</param>
/// <param name="Name">In upper case: PCMA, PCMU, TELEPHONE-EVENT.</param>
/// <param name="Format">What fmtp says; null for nothing.</param>
public sealed record AudioCodec(byte PayloadType, string Name, int ClockRate, string? Format = null);

/// <summary>The audio of a session description; other media are refused and not kept.</summary>
/// <param name="Address">Where the writer wants it; null in a description that holds the call by 0.0.0.0.</param>
/// <param name="Port">0 for a stream that is refused.</param>
/// <param name="Codecs">In the writer's order of liking.</param>
/// <param name="PacketTime">Milliseconds of audio in a packet, where it says so.</param>
public sealed record AudioMedia(IPAddress? Address, int Port, IReadOnlyList<AudioCodec> Codecs, MediaDirection Direction, int? PacketTime)
{
    public AudioCodec? Find(string name) => Codecs.FirstOrDefault(c => c.Name == name);
}

/// <summary>A session description (RFC 4566) as calls through a trunk use it (RFC 3264): one stream of audio over RTP/AVP.</summary>
/// <param name="SessionId">The writer's, the same in each version.</param>
/// <param name="Version">One more for each change.</param>
/// <param name="OtherMedia">The media lines besides the audio, in their order, each of which an answer refuses: <c>video 5004 RTP/AVP 31</c>.</param>
/// <param name="AudioPlace">How many of them stand before the audio.</param>
public sealed record SessionDescription(ulong SessionId, ulong Version, AudioMedia Audio, IReadOnlyList<string> OtherMedia, int AudioPlace)
{
    public const string MediaType = "application/sdp";

    private const int LongestBytes = 16_384;

    // RFC 3551: what these numbers are without a word.
    private static readonly Dictionary<byte, AudioCodec> Static = new() { [0] = new(0, "PCMU", 8000), [3] = new(3, "GSM", 8000), [8] = new(8, "PCMA", 8000), [9] = new(9, "G722", 8000), [18] = new(18, "G729", 8000) };

    /// <summary>Null where there is no audio over RTP in it, or it is malformed.</summary>
    public static SessionDescription? TryParse(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > LongestBytes)
            return null;
        var reading = new Reading();
        foreach (var line in Encoding.UTF8.GetString(bytes).Split('\n'))
        {
            var text = line.TrimEnd('\r');
            if (text.Length == 0)
                continue;
            if (text.Length < 2 || text[1] != '=' || !reading.Take(text[0], text[2..]))
                return null;
        }

        return reading.End();
    }

    public byte[] ToBytes()
    {
        var (text, address) = (new StringBuilder(), Audio.Address ?? IPAddress.Any);
        var family = address.AddressFamily == AddressFamily.InterNetworkV6 ? "IP6" : "IP4";
        text.Append(CultureInfo.InvariantCulture, $"v=0\r\no=- {SessionId} {Version} IN {family} {address}\r\ns=-\r\nc=IN {family} {address}\r\nt=0 0\r\n");
        for (var i = 0; i <= OtherMedia.Count; i++)
        {
            if (i == AudioPlace)
                AppendAudio(text);
            if (i < OtherMedia.Count)
                text.Append("m=").Append(OtherMedia[i]).Append("\r\n");
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    /// <summary>Our answer to this offer (RFC 3264, 6): the first codec of the offer that we can, DTMF where it is offered, other media refused.</summary>
    /// <param name="can">Names of codecs that we can, without DTMF.</param>
    /// <returns>Null where nothing fits: 488.</returns>
    public SessionDescription? Answer(IPAddress address, int port, ulong sessionId, ulong version, IReadOnlyCollection<string> can)
    {
        if (Audio.Port == 0 || Audio.Codecs.FirstOrDefault(c => c.ClockRate == 8000 && can.Contains(c.Name, StringComparer.Ordinal)) is not { } codec)
            return null;
        AudioCodec[] codecs = Audio.Codecs.FirstOrDefault(c => c is { Name: Events, ClockRate: 8000 }) is { } keys ? [codec, keys] : [codec];
        return new SessionDescription(sessionId, version, new AudioMedia(address, port, codecs, Mirror(Audio), Audio.PacketTime), [.. OtherMedia.Select(Refused)], AudioPlace);
    }

    /// <summary>Our offer.</summary>
    /// <param name="codecs">In our order of liking.</param>
    public static SessionDescription Offer(IPAddress address, int port, ulong sessionId, ulong version, IReadOnlyList<AudioCodec> codecs, MediaDirection direction = MediaDirection.Both) =>
        new(sessionId, version, new AudioMedia(address, port, codecs, direction, 20), [], 0);

    /// <summary>The name of the coding of pressed keys (RFC 4733).</summary>
    public const string Events = "TELEPHONE-EVENT";

    // What one side only sends, the other only receives; an address of zeros holds, as before RFC 3264.
    private static MediaDirection Mirror(AudioMedia offered) => offered.Direction switch
    {
        MediaDirection.SendOnly => MediaDirection.ReceiveOnly,
        MediaDirection.ReceiveOnly => MediaDirection.SendOnly,
        MediaDirection.Inactive => MediaDirection.Inactive,
        _ => offered.Address is null ? MediaDirection.ReceiveOnly : MediaDirection.Both,
    };

    private static string Refused(string media)
    {
        var words = media.Split(' ');
        words[1] = "0";
        return string.Join(' ', words);
    }

    private void AppendAudio(StringBuilder text)
    {
        text.Append(CultureInfo.InvariantCulture, $"m=audio {Audio.Port} RTP/AVP");
        foreach (var codec in Audio.Codecs)
            text.Append(CultureInfo.InvariantCulture, $" {codec.PayloadType}");
        text.Append("\r\n");
        foreach (var codec in Audio.Codecs)
        {
            text.Append(CultureInfo.InvariantCulture, $"a=rtpmap:{codec.PayloadType} {(codec.Name == Events ? "telephone-event" : codec.Name)}/{codec.ClockRate}\r\n");
            if (codec.Format is { } format)
                text.Append(CultureInfo.InvariantCulture, $"a=fmtp:{codec.PayloadType} {format}\r\n");
        }

        if (Audio.PacketTime is { } time)
            text.Append(CultureInfo.InvariantCulture, $"a=ptime:{time}\r\n");
        text.Append(Audio.Direction switch
        {
            MediaDirection.SendOnly => "a=sendonly\r\n",
            MediaDirection.ReceiveOnly => "a=recvonly\r\n",
            MediaDirection.Inactive => "a=inactive\r\n",
            _ => "a=sendrecv\r\n",
        });
    }

    // One pass over the lines; what belongs to media that are not ours is passed over.
    private sealed class Reading
    {
        private readonly List<string> _others = [];
        private readonly List<byte> _types = [];
        private readonly Dictionary<byte, AudioCodec> _codecs = new(Static);
        private readonly Dictionary<byte, string> _formats = [];
        private (IPAddress? Address, bool Said) _session;
        private (IPAddress? Address, bool Said) _media;
        private MediaDirection _direction;
        private ulong _id;
        private ulong _version;
        private int _port = -1;
        private int _place;
        private int? _time;
        private bool _begun;
        private bool _inAudio;
        private bool _inMedia;

        public bool Take(char type, string value)
        {
            switch (type)
            {
                case 'v':
                    _begun = true;
                    return value.Trim() == "0";
                case 'o':
                    var words = value.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                    return words.Length == 6 && ulong.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out _id)
                        && ulong.TryParse(words[2], NumberStyles.None, CultureInfo.InvariantCulture, out _version);
                case 'c':
                    return Connection(value);
                case 'm':
                    return Media(value);
                case 'a':
                    return !_begun || (_inMedia && !_inAudio) || Attribute(value);
                default:
                    return true;
            }
        }

        public SessionDescription? End()
        {
            var connection = _media.Said ? _media : _session;
            if (!_begun || _port < 0 || (!connection.Said && _port > 0))
                return null;
            var codecs = _types.Where(_codecs.ContainsKey).Select(type => _codecs[type] with { Format = _formats.GetValueOrDefault(type) }).ToList();
            return new SessionDescription(_id, _version, new AudioMedia(connection.Address, _port, codecs, _direction, _time), _others, _place);
        }

        private bool Connection(string value)
        {
            var words = value.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length != 3 || words[0] != "IN" || words[1] is not ("IP4" or "IP6"))
                return false;
            // Numbers only: a name would have to be looked up, which a peer could make us do.
            if (!IPAddress.TryParse(words[2].Split('/')[0], out var address))
                return _inMedia && !_inAudio;
            var said = (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any) ? null : address, true);
            if (!_inMedia)
                _session = said;
            else if (_inAudio)
                _media = said;
            return true;
        }

        private bool Media(string value)
        {
            var words = value.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length < 4)
                return false;
            _inMedia = true;
            _inAudio = _port < 0 && words[0] == "audio" && words[2] == "RTP/AVP";
            if (!_inAudio)
            {
                _others.Add(string.Join(' ', words));
                return true;
            }

            _place = _others.Count;
            foreach (var word in words[3..])
            {
                if (!byte.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var type) || type > 127)
                    return false;
                _types.Add(type);
            }

            return ushort.TryParse(words[1], NumberStyles.None, CultureInfo.InvariantCulture, out var port) && (_port = port) >= 0;
        }

        private bool Attribute(string value)
        {
            var colon = value.IndexOf(':', StringComparison.Ordinal);
            var (name, rest) = colon < 0 ? (value.Trim(), "") : (value[..colon], value[(colon + 1)..].Trim());
            switch (name)
            {
                case "sendrecv":
                    _direction = MediaDirection.Both;
                    break;
                case "sendonly":
                    _direction = MediaDirection.SendOnly;
                    break;
                case "recvonly":
                    _direction = MediaDirection.ReceiveOnly;
                    break;
                case "inactive":
                    _direction = MediaDirection.Inactive;
                    break;
                case "ptime" when _inAudio && double.TryParse(rest, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var time) && time is > 0 and <= 200:
                    _time = (int)time;
                    break;
                case "rtpmap" or "fmtp" when _inAudio:
                    Coding(name, rest);
                    break;
                default:
                    break;
            }

            return true;
        }

        private void Coding(string name, string value)
        {
            var words = value.Split(' ', 2, StringSplitOptions.RemoveEmptyEntries);
            if (words.Length != 2 || !byte.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out var type))
                return;
            if (name == "fmtp")
            {
                _formats[type] = words[1];
                return;
            }

            var parts = words[1].Split('/');
            if (parts.Length >= 2 && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var rate))
                _codecs[type] = new AudioCodec(type, parts[0].ToUpperInvariant(), rate);
        }
    }
}
