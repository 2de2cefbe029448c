using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Relais.Telephony.Rooms;

/// <summary>
/// A room on a Janus: one interviewer, their respondent, and whoever listens. Its groups decide what the respondent hears, which is the group "interviewer" and not
/// the mix; all others hear everybody.
/// </summary>
internal sealed class Room
{
    public const string Interviewer = "interviewer";
    public const string Respondent = "respondent";

    /// <summary>Heard by the interviewer, never by the respondent.</summary>
    public const string Coach = "coach";

    /// <summary>Of Opus's encoder, from 0 to 10. What an interviewer hears comes from a telephone: more than this is not heard, and costs the voice server.</summary>
    public const int OpusEffort = 1;

    private readonly long _session;
    private readonly ulong _control;
    private bool _closed;

    private Room(JanusClient janus, long session, int number, string pin, ulong control) => (Janus, _session, Number, Pin, _control) = (janus, session, number, pin, control);

    public JanusClient Janus { get; }

    public int Number { get; }

    public string Pin { get; }

    /// <summary>Whether Janus still has it, as far as we know.</summary>
    public bool Alive => !_closed && Janus.Session == _session;

    /// <param name="node">The node that it belongs to, by which the node finds it again after its own end.</param>
    public static async Task<Room> CreateAsync(JanusClient janus, string node, CancellationToken cancel)
    {
        var control = await janus.AttachAsync(told: null, cancel);
        var room = new Room(janus, janus.Session, RandomNumberGenerator.GetInt32(1, int.MaxValue), Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12)), control);
        try
        {
            await janus.AskAsync(
                control,
                new JsonObject
                {
                    ["request"] = "create", ["room"] = room.Number, ["pin"] = room.Pin, ["secret"] = SecretOf(janus.Server, room.Number), ["admin_key"] = janus.Server.Secret,
                    ["description"] = NameOf(node), ["is_private"] = true, ["sampling_rate"] = 16000, ["default_prebuffering"] = 6, ["default_expectedloss"] = 10,
                    ["allow_rtp_participants"] = true, ["groups"] = new JsonArray(Interviewer, Respondent, Coach),
                },
                cancel);
        }
        catch
        {
            await janus.DetachAsync(control);
            throw;
        }

        janus.Count(1);
        return room;
    }

    /// <summary>Ends the rooms that this node left behind when it was killed.</summary>
    /// <param name="kept">Those that it has now.</param>
    /// <returns>How many there were.</returns>
    public static async Task<int> SweepAsync(JanusClient janus, string node, IReadOnlyCollection<int> kept, CancellationToken cancel)
    {
        var handle = await janus.AttachAsync(told: null, cancel);
        try
        {
            var told = await janus.AskAsync(handle, new JsonObject { ["request"] = "list", ["admin_key"] = janus.Server.Secret }, cancel);
            var left = (told["plugindata"]?["data"]?["list"] as JsonArray ?? []).OfType<JsonNode>()
                .Where(room => room["description"]?.GetValue<string>() == NameOf(node)).Select(room => room["room"]?.GetValue<int>() ?? 0).Except(kept).ToList();
            foreach (var number in left)
                await janus.AskAsync(handle, new JsonObject { ["request"] = "destroy", ["room"] = number, ["secret"] = SecretOf(janus.Server, number) }, cancel);
            return left.Count;
        }
        finally
        {
            await janus.DetachAsync(handle);
        }
    }

    /// <summary>Lets a browser in.</summary>
    /// <param name="offer">Its session description, with all its candidates.</param>
    /// <returns>Its handle, and the answer.</returns>
    public async Task<(ulong Handle, string Answer)> AdmitAsync(string group, bool muted, string offer, Action<ulong, HandleNews> told, CancellationToken cancel)
    {
        var handle = await Janus.AttachAsync(told, cancel);
        try
        {
            var joined = await Janus.DoAsync(
                handle, new JsonObject { ["request"] = "join", ["room"] = Number, ["pin"] = Pin, ["group"] = group, ["muted"] = muted, ["codec"] = "opus", ["quality"] = OpusEffort },
                new JsonObject { ["type"] = "offer", ["sdp"] = offer }, cancel);
            return (handle, joined["jsep"]?["sdp"]?.GetValue<string>() ?? throw new JanusException("no answer to the browser's offer"));
        }
        catch
        {
            await Janus.DetachAsync(handle);
            throw;
        }
    }

    public Task ChangeAsync(ulong handle, string group, bool muted, CancellationToken cancel) =>
        Janus.DoAsync(handle, new JsonObject { ["request"] = "configure", ["group"] = group, ["muted"] = muted }, null, cancel);

    public Task ShowOutAsync(ulong handle) => Janus.DetachAsync(handle);

    /// <summary>Sends what the interviewer's group says to a port.</summary>
    /// <returns>The stream, to stop it by.</returns>
    public async Task<long> ForwardAsync(string address, int port, uint source, byte payloadType, CancellationToken cancel)
    {
        var told = await Janus.AskAsync(
            _control,
            new JsonObject
            {
                ["request"] = "rtp_forward", ["room"] = Number, ["secret"] = SecretOf(Janus.Server, Number), ["admin_key"] = Janus.Server.Secret, ["group"] = Interviewer, ["codec"] = "pcma",
                ["ptype"] = payloadType, ["ssrc"] = source, ["host"] = address, ["port"] = port, ["always_on"] = true,
            },
            cancel);
        return told["plugindata"]?["data"]?["stream_id"]?.GetValue<long>() ?? throw new JanusException("no stream");
    }

    public async Task StopForwardAsync(long stream)
    {
        if (Alive)
            await TryAsync(new JsonObject { ["request"] = "stop_rtp_forward", ["room"] = Number, ["secret"] = SecretOf(Janus.Server, Number), ["stream_id"] = stream });
    }

    public async Task CloseAsync()
    {
        if (_closed)
            return;
        var alive = Alive;
        _closed = true;
        Janus.Count(-1);
        if (!alive)
            return;
        await TryAsync(new JsonObject { ["request"] = "destroy", ["room"] = Number, ["secret"] = SecretOf(Janus.Server, Number) });
        await Janus.DetachAsync(_control);
    }

    private async Task TryAsync(JsonObject request)
    {
        try
        {
            await Janus.AskAsync(_control, request, CancellationToken.None);
        }
        catch (JanusException)
        {
            // Gone already.
        }
    }

    private static string NameOf(string node) => $"relais {node}";

    // Made from the number, so that a server that comes after this one can end the room.
    private static string SecretOf(RoomServerOptions server, int number) =>
        Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(server.Secret), Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"room {number}"))));
}
