using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Relais.Telephony.Rooms;

namespace Relais.Telephony.Bench;

/// <summary>
/// The server's voices with their rooms on Janus, without a database: a line, its calls, for each a recording, a room and the respondent's seat in it. Says each room's number and pin, and runs
/// until its input ends.
/// </summary>
internal static class RoomsChild
{
    /// <summary>Of every tenth room, what the respondent hears goes to another port as well, without us.</summary>
    public const int DirectEvery = 10;

    /// <param name="direct">That port.</param>
    public static async Task RunAsync(int sip, int janus, string secret, int direct, int calls, string folder)
    {
        await using var line = new OperatorLine(sip);
        await using var rooms = new JanusClient(At(janus, secret), NullLogger.Instance);
        var (recorded, announcement, seats) = (new RecordedCalls(folder), Announcement.Load(""), new List<RespondentSeat>());
        await foreach (var (call, voice) in line.CallAsync(calls))
        {
            var room = await Room.CreateAsync(rooms, "bench", CancellationToken.None);
            var seat = new RespondentSeat(call, voice, announcement, static _ => { });
            seat.Sit(await RoomLeg.JoinAsync(room, CancellationToken.None));
            if (seats.Count % DirectEvery == 0)
                await room.ForwardAsync("127.0.0.1", direct, (uint)(1000 + seats.Count), 8, CancellationToken.None);
            seats.Add(seat);
            recorded.Watch(call, line.Trunk.Id, voice);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"room {room.Number} {room.Pin}"));
        }

        Console.WriteLine("ready");
        await Console.In.ReadToEndAsync();
        Console.WriteLine(await recorded.FinishAsync());
        foreach (var seat in seats)
            await seat.RiseAsync();
        line.EndAll();
    }

    public static RoomServerOptions At(int janus, string secret) => new() { Address = $"http://127.0.0.1:{Programs.Text(janus)}/janus", Secret = secret };
}
