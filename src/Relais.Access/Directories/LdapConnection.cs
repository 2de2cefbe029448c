using System.Formats.Asn1;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Relais.Access.Directories;

/// <summary>What went wrong with the directory, as one who can do something about it needs to know.</summary>
internal enum DirectoryTrouble
{
    /// <summary>Nothing is set up.</summary>
    NotSet,
    NoAnswer,
    NotTrusted,

    /// <summary>It does not do TLS there.</summary>
    NoTls,
    WrongPassword,
    BaseNotFound,
    WrongFilter,

    /// <summary>It gives no more than a certain number of entries.</summary>
    TooMany,

    /// <summary>The account may not read there.</summary>
    NotAllowed,
    Refused,
}

/// <summary>Ends a conversation with the directory; becomes a value where it is begun.</summary>
internal sealed class DirectoryException(DirectoryTrouble trouble, string detail) : Exception(detail)
{
    public DirectoryTrouble Trouble { get; } = trouble;
}

/// <summary>
/// One conversation with a directory over TLS, for reading alone: bind, then search by pages. What RFC 4511 has beyond that is not here.
/// </summary>
internal sealed class LdapConnection : IAsyncDisposable
{
    private const int LongestMessage = 16 * 1024 * 1024;
    private const int MostEntries = 200_000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan SearchPatience = TimeSpan.FromSeconds(60);

    private readonly TcpClient _client = new();
    private readonly TimeProvider _clock;
    private Stream _stream = Stream.Null;
    private byte[] _buffer = new byte[64 * 1024];
    private int _filled;
    private int _taken;
    private int _id;
    private bool _handshaking;
    private bool _distrusted;

    private LdapConnection(TimeProvider clock) => _clock = clock;

    /// <param name="authority">Certificates in PEM that it is trusted by; null for those of this system.</param>
    public static async Task<LdapConnection> OpenAsync(string host, int port, DirectorySecurity security, string? authority, TimeProvider clock, CancellationToken cancel)
    {
        var connection = new LdapConnection(clock);
        try
        {
            await connection.ConnectAsync(host, port, security, authority, cancel);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public Task BindAsync(string name, string password, CancellationToken cancel) => InTimeAsync(Patience, async late =>
    {
        // Directories take a name without a password for nobody's, and let it in (RFC 4513, 5.1.2): it never leaves here.
        if (name.Length == 0 || password.Length == 0)
            throw new DirectoryException(DirectoryTrouble.WrongPassword, "");
        var id = ++_id;
        await _stream.WriteAsync(LdapMessage.Bind(id, name, password), late);
        var answer = await ReadAsync(id, late);
        if (answer.Result.Code != 0)
            throw Trouble(answer.Result, binding: true);
    }, cancel);

    /// <summary>All entries below a name that match, page by page.</summary>
    /// <param name="pageSize">0 asks for all at once.</param>
    public async Task<List<LdapEntry>> SearchAsync(string under, string filter, IReadOnlyCollection<string> attributes, int pageSize, CancellationToken cancel)
    {
        var encoded = LdapFilter.Encode(filter) ?? throw new DirectoryException(DirectoryTrouble.WrongFilter, filter);
        var entries = new List<LdapEntry>();
        byte[] cookie = [];
        do
        {
            var from = cookie;
            await InTimeAsync(SearchPatience, async late => cookie = await PageAsync(under, encoded, attributes, pageSize, from, entries, late), cancel);
        }
        while (cookie.Length > 0);
        return entries;
    }

    private async Task<byte[]> PageAsync(string under, byte[] filter, IReadOnlyCollection<string> attributes, int pageSize, byte[] cookie, List<LdapEntry> entries, CancellationToken cancel)
    {
        var id = ++_id;
        await _stream.WriteAsync(LdapMessage.Search(id, under, filter, attributes, pageSize, cookie), cancel);
        while (true)
        {
            var message = await ReadAsync(id, cancel);
            if (message.Entry is { } entry)
                entries.Add(entry);
            else if (message.Operation is LdapMessage.SearchDone)
                return message.Result.Code == 0 ? message.Cookie : throw Trouble(message.Result, binding: false);
            if (entries.Count > MostEntries)
                throw new DirectoryException(DirectoryTrouble.TooMany, $"{MostEntries}");
        }
    }

    private Task ConnectAsync(string host, int port, DirectorySecurity security, string? authority, CancellationToken cancel) => InTimeAsync(Patience, async late =>
    {
        await _client.ConnectAsync(host, port, late);
        _client.NoDelay = true;
        _stream = _client.GetStream();
        if (security is DirectorySecurity.StartTls)
        {
            var id = ++_id;
            await _stream.WriteAsync(LdapMessage.StartTls(id), late);
            var answer = await ReadAsync(id, late);
            if (answer.Result.Code != 0)
                throw new DirectoryException(DirectoryTrouble.NoTls, answer.Result.Message);
            // Whatever somebody slipped in before the encryption is not the server's.
            (_filled, _taken) = (0, 0);
        }

        var tls = new SslStream(_stream);
        _stream = tls;
        _handshaking = true;
        await tls.AuthenticateAsClientAsync(Options(host, authority), late);
        _handshaking = false;
    }, cancel);

    private SslClientAuthenticationOptions Options(string host, string? authority)
    {
        // Directories of institutes have authorities of their own, whose lists of withdrawn certificates are rarely reachable.
        var policy = new X509ChainPolicy { RevocationMode = X509RevocationMode.NoCheck };
        if (!string.IsNullOrWhiteSpace(authority))
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            policy.CustomTrustStore.ImportFromPem(authority);
        }

        return new SslClientAuthenticationOptions
        {
            TargetHost = host,
            CertificateChainPolicy = policy,
            // Only to tell a certificate that is not taken from a server that does no TLS.
            RemoteCertificateValidationCallback = (_, _, _, errors) => !(_distrusted = errors is not SslPolicyErrors.None),
        };
    }

    // One place where everything that a network does becomes a reason.
    private async Task InTimeAsync(TimeSpan patience, Func<CancellationToken, Task> work, CancellationToken cancel)
    {
        using var late = new CancellationTokenSource(patience, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, late.Token);
        try
        {
            await work(either.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new DirectoryException(DirectoryTrouble.NoAnswer, $"{patience.TotalSeconds:F0} s");
        }
        catch (AuthenticationException e)
        {
            throw new DirectoryException(_distrusted ? DirectoryTrouble.NotTrusted : DirectoryTrouble.NoTls, e.Message);
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            throw new DirectoryException(_handshaking ? DirectoryTrouble.NoTls : DirectoryTrouble.NoAnswer, e.Message);
        }
        catch (Exception e) when (e is AsnContentException or CryptographicException)
        {
            throw new DirectoryException(DirectoryTrouble.Refused, e.Message);
        }
    }

    private async Task<LdapMessage> ReadAsync(int id, CancellationToken cancel)
    {
        while (true)
        {
            var length = LdapMessage.LengthOf(_buffer.AsSpan(_taken, _filled - _taken));
            if (length is < 0 or > LongestMessage)
                throw new AsnContentException();
            if (length == 0 || _filled - _taken < length)
            {
                await FillAsync(length, cancel);
                continue;
            }

            var message = LdapMessage.Read(_buffer.AsMemory(_taken, length));
            _taken += length;
            if (message.Id == id)
                return message;
            // The server says goodbye (4.4.1).
            if (message.Id == 0)
                throw Trouble(message.Result, binding: false);
        }
    }

    private async Task FillAsync(int wanted, CancellationToken cancel)
    {
        _buffer.AsSpan(_taken, _filled - _taken).CopyTo(_buffer);
        (_filled, _taken) = (_filled - _taken, 0);
        if (Math.Max(wanted, _filled + 1) > _buffer.Length)
            Array.Resize(ref _buffer, Math.Max(wanted, 2 * _buffer.Length));
        var read = await _stream.ReadAsync(_buffer.AsMemory(_filled), cancel);
        if (read == 0)
            throw new IOException("The directory closed the connection.");
        _filled += read;
    }

    private static DirectoryException Trouble(LdapResult result, bool binding) => new(
        result.Code switch
        {
            // Some say "no such object" for an account that is not there.
            49 or 48 or 53 => binding ? DirectoryTrouble.WrongPassword : DirectoryTrouble.Refused,
            32 or 34 => binding ? DirectoryTrouble.WrongPassword : DirectoryTrouble.BaseNotFound,
            4 or 11 => DirectoryTrouble.TooMany,
            50 or 8 or 1 when !binding => DirectoryTrouble.NotAllowed,
            _ => DirectoryTrouble.Refused,
        },
        $"{result.Code} {result.Message}".Trim());

    public async ValueTask DisposeAsync()
    {
        await _stream.DisposeAsync();
        _client.Dispose();
    }
}
