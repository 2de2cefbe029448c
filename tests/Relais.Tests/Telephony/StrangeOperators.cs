using System.Globalization;

namespace Relais.Tests.Telephony;

/// <summary>Scenarios for SIPp: operators that do what the standard allows and few do. Each takes one call a Call-ID, and answers OPTIONS.</summary>
internal static class StrangeOperators
{
    private const string Tag = "[pid]op[call_number]";

    private const string Voice = """
        v=0
        o=operator 1 1 IN IP4 [local_ip]
        s=-
        c=IN IP4 [media_ip]
        t=0 0
        m=audio [voice_port] RTP/AVP 8 101
        a=rtpmap:8 PCMA/8000
        a=rtpmap:101 telephone-event/8000
        """;

    /// <summary>Three telephones ring, each in a dialog of its own; the second one answers, then the third.</summary>
    public static string Forks => Scenario(
        Invite, Reply("180 Ringing", "one"), Reply("180 Ringing", "two"), Reply("183 Session Progress", "three", Voice), Reply("180 Ringing", "two"),
        Reply("200 OK", "two", Voice), Receive("ACK"), Reply("200 OK", "three", Voice), Receive("ACK"), Receive("BYE"), Last("200 OK"), Receive("BYE"), Last("200 OK"));

    /// <summary>
    /// Its answer comes again and again, as if our ACK were lost beyond it. Each ACK is waited for, because SIPp gives a call up that gets one while it is about to send; and over TCP, because over
    /// UDP it takes the second for a repetition of the first.
    /// </summary>
    public static string LosesAcks => Scenario(
        Invite, Reply("180 Ringing", Tag), Reply("200 OK", Tag, Voice), Receive("ACK"), Reply("200 OK", Tag, Voice), Receive("ACK"), Reply("200 OK", Tag, Voice), Receive("ACK"),
        Receive("BYE"), Last("200 OK"));

    /// <summary>Its answer crosses our CANCEL.</summary>
    public static string AnswersTheCancelled => Scenario(
        Invite, Reply("180 Ringing", Tag), Receive("CANCEL"), Last("200 OK", Tag), "<pause milliseconds=\"700\"/>", Reply("200 OK", Tag, Voice), Receive("ACK"), Receive("BYE"), Last("200 OK"));

    /// <summary>Says that the nonce it just gave is too old.</summary>
    public static string StaleNonce => Scenario(
        Invite, Last("401 Unauthorized", Tag, more: "WWW-Authenticate: Digest realm=\"operator\", nonce=\"first\", qop=\"auth\", algorithm=MD5"), Receive("ACK"), Receive("INVITE"),
        Last("401 Unauthorized", Tag, more: "WWW-Authenticate: Digest realm=\"operator\", nonce=\"second\", stale=true, qop=\"auth\", algorithm=MD5"), Receive("ACK"), Invite,
        Reply("200 OK", Tag, Voice, sequence: 3), Receive("ACK"), Receive("BYE"), Last("200 OK"));

    /// <summary>Holds the call and takes it back, and asks for what we don't know, within the dialog.</summary>
    public static string AsksWithinTheCall => Scenario(
        Invite, Reply("200 OK", Tag, Voice), Receive("ACK"),
        Ask("INVITE", 2, Voice + "\na=sendonly"), Trying, Response(200), Ask("ACK", 2),
        Ask("INFO", 3), Response(405), Ask("UPDATE", 4), Response(200), Ask("OPTIONS", 5), Response(200),
        Ask("INVITE", 6, Voice, more: "Require: 100rel"), Trying, Response(420), Ask("ACK", 6, branch: "[branch-2]"),
        Ask("INVITE", 7, Voice), Trying, Response(200), Ask("ACK", 7),
        // Out of order: older than what came before.
        Ask("OPTIONS", 4), Response(500),
        Receive("BYE"), Last("200 OK"));

    /// <summary>Its answers on the way must not be lost (RFC 3262), and the last one leaves out the description that came before; it changes the session by UPDATE (RFC 3311), before and after.</summary>
    public static string AnswersReliably => Scenario(
        Invite, Reply("183 Session Progress", Tag, Voice, more: "Require: 100rel\nRSeq: 4711"), Receive("PRACK"), Last("200 OK"),
        Reply("180 Ringing", Tag, more: "Require: 100rel\nRSeq: 4712"), Receive("PRACK"), Last("200 OK"),
        Ask("UPDATE", 1, Voice), Response(200), Reply("200 OK", Tag), Receive("ACK"),
        Ask("UPDATE", 2, Voice), Response(200), Receive("BYE"), Last("200 OK"));

    /// <summary>Its wish to change the session meets ours to refresh it, after 45 s; only ours is made again.</summary>
    public static string Collides => Scenario(
        Invite, Reply("200 OK", Tag, Voice, more: "Require: timer\nSession-Expires: 90;refresher=uac"), Receive("ACK"),
        InviteAgain, Ask("INVITE", 2, Voice), Trying, Response(491), Ask("ACK", 2, branch: "[branch-3]"), Reply("491 Request Pending", Tag, sequence: 2), Receive("ACK"),
        Receive("INVITE"), Last("200 OK", body: Voice, more: "Require: timer\nSession-Expires: 90;refresher=uac"), Receive("ACK"), Receive("BYE"), Last("200 OK"));

    private static string Invite => """
        <recv request="INVITE" rrs="true"><action>
          <ereg regexp=".*" search_in="hdr" header="Via:" assign_to="via"/>
          <ereg regexp=".*" search_in="hdr" header="From:" assign_to="from"/>
          <ereg regexp=".*" search_in="hdr" header="To:" assign_to="to"/>
        </action></recv>
        """;

    private static string InviteAgain => "<recv request=\"INVITE\"><action><ereg regexp=\".*\" search_in=\"hdr\" header=\"Via:\" assign_to=\"via\"/></action></recv>";

    private static string Trying => "<recv response=\"100\" optional=\"true\"></recv>";

    private static string Scenario(params string[] steps) =>
        $"""
         <?xml version="1.0" encoding="UTF-8" ?>
         <scenario name="stranger">
         <recv request="OPTIONS" optional="true" next="options"></recv>
         {string.Join('\n', steps)}
         <nop next="end"></nop>
         <label id="options"/>
         {Last("200 OK", Tag)}
         <label id="end"/>
         <timewait milliseconds="32000"/>
         <Reference variables="via,from,to"/>
         </scenario>
         """;

    private static string Receive(string request) => $"<recv request=\"{request}\"></recv>";

    private static string Response(int status) => string.Create(CultureInfo.InvariantCulture, $"<recv response=\"{status}\"></recv>");

    /// <summary>A response to the INVITE, whatever came since.</summary>
    private static string Reply(string status, string tag, string body = "", int sequence = 1, string more = "") => Send(
        string.Create(
            CultureInfo.InvariantCulture,
            $"SIP/2.0 {status}\nVia:[$via]\nFrom:[$from]\nTo:[$to];tag={tag}\n[last_Call-ID:]\nCSeq: {sequence} INVITE\n{Contact}{(more.Length > 0 ? "\n" + more : "")}"),
        body);

    /// <summary>A response to what came last.</summary>
    private static string Last(string status, string? tag = null, string more = "", string body = "") =>
        Send($"SIP/2.0 {status}\n[last_Via:]\n[last_From:]\n[last_To:]{(tag is null ? "" : $";tag={tag}")}\n[last_Call-ID:]\n[last_CSeq:]\n{Contact}{(more.Length > 0 ? "\n" + more : "")}", body);

    /// <summary>A request of its own within the dialog.</summary>
    private static string Ask(string method, int sequence, string body = "", string more = "", string branch = "[branch]") => Send(
        string.Create(
            CultureInfo.InvariantCulture,
            $"{method} [next_url] SIP/2.0\nVia: SIP/2.0/[transport] [local_ip]:[local_port];branch={branch}\nMax-Forwards: 70\nFrom:[$to];tag={Tag}\nTo:[$from]\n[last_Call-ID:]\nCSeq: {sequence} {method}\n{Contact}{(more.Length > 0 ? "\n" + more : "")}"),
        body);

    private static string Contact => "Contact: <sip:[local_ip]:[local_port];transport=[transport]>";

    private static string Send(string head, string body) =>
        $"<send><![CDATA[\n{head}\n{(body.Length > 0 ? "Content-Type: application/sdp\nContent-Length: [len]\n\n" + body : "Content-Length: 0\n")}\n]]></send>";
}
