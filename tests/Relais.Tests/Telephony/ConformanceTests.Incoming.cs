using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Relais.Kernel.Audit;
using Relais.Telephony.Trunks;

namespace Relais.Tests.Telephony;

/// <summary>Calls that come in over a line.</summary>
public sealed partial class ConformanceTests
{
    private const string Message = "Bonjour. L’institut vous a appelé pour une étude. Nous vous rappellerons. Au revoir.";

    [Fact]
    public async Task Who_calls_back_hears_the_message_of_the_line_and_is_hung_up_and_everybody_else_is_refused()
    {
        var port = TestProgram.FreePort();
        await app.AddTrunkAsync(port, ready: false);
        await RefusedAsync(port, "0199000000", 480);
        await RefusedAsync(port, "100", 404);

        await app.AddTrunkAsync(port, fields => fields with { CallBack = Message }, ready: false);
        await RefusedAsync(port, "0199000001", 404);
        await using var telephone = ToneCallee.Start();
        await using (var caller = SipCaller.Start(app.SipPort, port, "0199000000", voice: telephone.Port))
        {
            await TelephonyApp.UntilTrueAsync(() => telephone.HeardMs > 800 && telephone.Level > 0.01);
            // The message lasts some seconds, by the clock of calls.
            app.Clock.Advance(TimeSpan.FromSeconds(30));
            await caller.SucceedsAsync();
        }

        // Somebody who says that they are the operator, and that their voice is with somebody else: without an acknowledgement that only who has our answer can give, not a sound goes there.
        await using var victim = ToneCallee.Start();
        using var stranger = new UdpClient(new IPEndPoint(IPAddress.Loopback, port));
        await stranger.SendAsync(Encoding.ASCII.GetBytes(Invite(port, victim.Port)), new IPEndPoint(IPAddress.Loopback, app.SipPort), TestContext.Current.CancellationToken);
        for (var answers = 0; answers < 3;)
        {
            var answer = Encoding.ASCII.GetString((await stranger.ReceiveAsync(TestContext.Current.CancellationToken)).Buffer);
            answers += answer.StartsWith("SIP/2.0 200", StringComparison.Ordinal) && answer.Contains("Call-ID: false-call", StringComparison.Ordinal) ? 1 : 0;
        }

        Assert.Equal(0, victim.HeardMs);
        Assert.False(await app.InTelephonyAsync(db => db.Calls.AnyAsync(c => c.Number.EndsWith("199000000"))));
    }

    [Fact]
    public async Task A_message_that_cannot_be_spoken_is_refused_in_words_and_one_that_is_taken_away_is_gone()
    {
        var fields = TrunkFields.New with { Name = "Message", Host = "127.0.0.1", Caller = "01 99 00 00 00", CallBack = string.Concat(Enumerable.Repeat("999999 ", 20)), Enabled = false };
        var refused = await app.DoAsync<EditTrunks, TrunkResult>(edit => edit.AddAsync(fields, Actor.System, CancellationToken.None));
        Assert.Equal([new TrunkFault("CallBack", "speech")], Assert.IsType<TrunkResult.Refused>(refused).Faults);
        var saved = Assert.IsType<TrunkResult.Saved>(await app.DoAsync<EditTrunks, TrunkResult>(edit => edit.AddAsync(fields with { CallBack = Message }, Actor.System, CancellationToken.None)));
        Assert.True((await app.TrunkAsync(saved.Id, _ => true)).CallBackSound!.Length > 8000);
        await app.DoAsync<EditTrunks, TrunkResult>(edit => edit.ChangeAsync(saved.Id, fields with { CallBack = " " }, Actor.System, CancellationToken.None));
        Assert.Null((await app.TrunkAsync(saved.Id, _ => true)).CallBackSound);
    }

    private static string Invite(int port, int voice)
    {
        var body = $"v=0\r\no=a 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio {voice} RTP/AVP 8\r\n";
        return $"INVITE sip:0199000000@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:{port};branch=z9hG4bKfalse\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:0199000000@127.0.0.1>\r\nCall-ID: false-call\r\n"
            + $"CSeq: 1 INVITE\r\nContact: <sip:a@127.0.0.1:{port}>\r\nMax-Forwards: 70\r\nContent-Type: application/sdp\r\nContent-Length: {body.Length}\r\n\r\n{body}";
    }

    private async Task RefusedAsync(int port, string number, int status)
    {
        await using var caller = SipCaller.Start(app.SipPort, port, number, status);
        await caller.SucceedsAsync();
    }
}
