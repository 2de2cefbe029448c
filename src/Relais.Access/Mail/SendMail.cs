using System.Net.Sockets;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using MimeKit;

namespace Relais.Access.Mail;

/// <summary>What became of a mail.</summary>
internal abstract record MailResult
{
    private MailResult() { }

    internal sealed record Taken : MailResult;

    /// <summary>Never to be taken: there is no such mailbox, or the server wants nothing of ours.</summary>
    internal sealed record Refused(string Why) : MailResult;

    /// <summary>Not now: the server is away, or busy.</summary>
    /// <param name="Until">When to come again.</param>
    /// <param name="Why">What the server says; null when only others are before this one.</param>
    internal sealed record Later(DateTimeOffset Until, string? Why) : MailResult;
}

/// <summary>
/// Hands mails to the mail server, one after the other over one connection, or puts them into the folder. While the server is away nobody waits for it
/// again: one mail in growing pauses finds out whether it is back.
/// </summary>
internal sealed class SendMail(IOptions<SmtpOptions> options, MailFolder folder, TimeProvider clock, ILogger<SendMail> log) : IDisposable
{
    internal static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(5);
    internal static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan KeptOpen = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _turn = new(1);
    private SmtpClient? _client;
    private DateTimeOffset _usedAt;
    private DateTimeOffset _awayUntil;
    private string _away = "";
    private TimeSpan _pause = FirstPause;

    public async Task<MailResult> HandleAsync(MimeMessage message, CancellationToken cancel)
    {
        message.From.Add(new MailboxAddress(options.Value.FromName, options.Value.From));
        if (options.Value.Host.Length == 0)
        {
            await folder.KeepAsync(message, cancel);
            return new MailResult.Taken();
        }

        // Events of all modules wait behind this one: while a server makes one mail wait, the others come again.
        if (!await _turn.WaitAsync(Patience, cancel))
            return new MailResult.Later(clock.GetUtcNow() + Patience, null);
        try
        {
            return _awayUntil > clock.GetUtcNow() ? new MailResult.Later(_awayUntil, _away) : await SendAsync(message, cancel);
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task<MailResult> SendAsync(MimeMessage message, CancellationToken cancel)
    {
        try
        {
            var client = await OpenAsync(cancel);
            await client.SendAsync(message, cancel);
            (_usedAt, _pause) = (clock.GetUtcNow(), FirstPause);
            return new MailResult.Taken();
        }
        catch (SmtpCommandException e) when ((int)e.StatusCode >= 500 && e.ErrorCode is SmtpErrorCode.RecipientNotAccepted or SmtpErrorCode.MessageNotAccepted)
        {
            Drop();
            return new MailResult.Refused(Words(e));
        }
        catch (SmtpCommandException e) when (e.ErrorCode is SmtpErrorCode.RecipientNotAccepted)
        {
            // Greylisting, a full mailbox: this one's matter and no other's.
            Drop();
            return new MailResult.Later(clock.GetUtcNow() + LongestPause, Words(e));
        }
        catch (Exception e) when (!cancel.IsCancellationRequested && IsOfTheServer(e))
        {
            Drop();
            _awayUntil = clock.GetUtcNow() + _pause;
            _away = Words(e);
            _pause = TimeSpan.FromTicks(Math.Min(2 * _pause.Ticks, LongestPause.Ticks));
            log.MailServerAway(options.Value.Host, _awayUntil, e);
            return new MailResult.Later(_awayUntil, _away);
        }
    }

    private async Task<SmtpClient> OpenAsync(CancellationToken cancel)
    {
        if (_client is { IsConnected: true } open && clock.GetUtcNow() - _usedAt < KeptOpen)
            return open;
        Drop();
        var client = new SmtpClient { Timeout = (int)options.Value.Patience.TotalMilliseconds };
        _client = client;
        await client.ConnectAsync(options.Value.Host, options.Value.Port, options.Value.Security switch
        {
            SmtpSecurity.None => SecureSocketOptions.None,
            SmtpSecurity.StartTls => SecureSocketOptions.StartTls,
            SmtpSecurity.Tls => SecureSocketOptions.SslOnConnect,
        }, cancel);
        if (!string.IsNullOrEmpty(options.Value.UserName))
            await client.AuthenticateAsync(options.Value.UserName, options.Value.Password ?? "", cancel);
        return client;
    }

    private void Drop()
    {
        _client?.Dispose();
        _client = null;
    }

    // What MailKit throws when the server, and not the mail, is the matter.
    private static bool IsOfTheServer(Exception e) =>
        e is SocketException or IOException or ProtocolException or CommandException or AuthenticationException or SslHandshakeException
            or TimeoutException or OperationCanceledException or NotSupportedException or ServiceNotConnectedException;

    private static string Words(Exception e) => e is SmtpCommandException command ? $"{(int)command.StatusCode} {command.Message}" : e.Message;

    public void Dispose()
    {
        Drop();
        _turn.Dispose();
    }
}
