using System.Globalization;

namespace Relais.Tests.Telephony;

/// <summary>SIPp as somebody who calls in over a line, from the operator's port.</summary>
internal sealed class SipCaller : IAsyncDisposable
{
    private readonly TestProgram _program;
    private readonly DirectoryInfo _folder;

    private SipCaller(TestProgram program, DirectoryInfo folder) => (_program, _folder) = (program, folder);

    /// <param name="to">Our port of SIP.</param>
    /// <param name="from">The operator's port.</param>
    /// <param name="refused">The code that it must be refused with; null: it is answered, acknowledges, and waits to be hung up.</param>
    /// <param name="voice">Where its voice is.</param>
    public static SipCaller Start(int to, int from, string number, int? refused = null, int voice = 9)
    {
        var folder = Directory.CreateTempSubdirectory("relais-caller-");
        var file = Path.Combine(folder.FullName, "caller.xml");
        File.WriteAllText(file, Scenario(refused));
        return new SipCaller(
            TestProgram.Start("sipp",
            [
                $"127.0.0.1:{to}", "-sf", file, "-s", number, "-i", "127.0.0.1", "-mi", "127.0.0.1", "-p", Text(from), "-key", "voice_port", Text(voice), "-m", "1", "-nostdin", "-timeout", "40s",
                "-timeout_error", "-watchdog_minor_threshold", "60000", "-watchdog_major_threshold", "60000", "-trace_err", "-error_file", Path.Combine(folder.FullName, "errors.log"),
            ]),
            folder);
    }

    /// <summary>Everything went as its scenario says.</summary>
    public async Task SucceedsAsync()
    {
        var code = await _program.EndsAsync();
        var errors = Path.Combine(_folder.FullName, "errors.log");
        Assert.True(code == 0, File.Exists(errors) ? await File.ReadAllTextAsync(errors) : _program.Said);
    }

    public async ValueTask DisposeAsync()
    {
        await _program.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private static string Scenario(int? refused) => $"""
        <?xml version="1.0" encoding="UTF-8" ?>
        <scenario name="caller">
        <send retrans="500"><![CDATA[
        INVITE sip:[service]@[remote_ip]:[remote_port] SIP/2.0
        Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
        From: <sip:0123456789@[local_ip]:[local_port]>;tag=[pid]caller[call_number]
        To: <sip:[service]@[remote_ip]:[remote_port]>
        Call-ID: [call_id]
        CSeq: 1 INVITE
        Contact: <sip:operator@[local_ip]:[local_port]>
        Max-Forwards: 70
        Content-Type: application/sdp
        Content-Length: [len]

        v=0
        o=caller 1 1 IN IP4 [local_ip]
        s=-
        c=IN IP4 [media_ip]
        t=0 0
        m=audio [voice_port] RTP/AVP 8
        a=rtpmap:8 PCMA/8000
        ]]></send>
        <recv response="100" optional="true"></recv>
        <recv response="{Text(refused ?? 200)}" rrs="true"></recv>
        <send><![CDATA[
        ACK {(refused is null ? "[next_url]" : "sip:[service]@[remote_ip]:[remote_port]")} SIP/2.0
        Via: SIP/2.0/[transport] [local_ip]:[local_port];branch={(refused is null ? "[branch]" : "[branch-3]")}
        From: <sip:0123456789@[local_ip]:[local_port]>;tag=[pid]caller[call_number]
        [last_To:]
        Call-ID: [call_id]
        CSeq: 1 ACK
        Max-Forwards: 70
        Content-Length: 0

        ]]></send>
        {(refused is null ? Bye : "")}
        </scenario>
        """;

    private const string Bye = """
        <recv request="BYE"></recv>
        <send><![CDATA[
        SIP/2.0 200 OK
        [last_Via:]
        [last_From:]
        [last_To:]
        [last_Call-ID:]
        [last_CSeq:]
        Content-Length: 0

        ]]></send>
        """;

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
