using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Relais.Access.Contracts;
using Relais.Gateway.Recordings;
using Relais.Gateway.Sessions;
using Relais.Kernel.Audit;

namespace Relais.Gateway.Contracts;

/// <summary>What other modules ask of the gateway.</summary>
public sealed class SessionDoor
{
    private readonly GatewayDb _db;
    private readonly TimeProvider _clock;
    private readonly IDataProtector _secrets;
    private readonly GatewayOptions _options;
    private readonly LiveSessions _live;
    private readonly RecordingFolder _recordings;

    internal SessionDoor(
        GatewayDb db, TimeProvider clock, IDataProtectionProvider protection, IOptions<GatewayOptions> options, LiveSessions live, RecordingFolder recordings)
    {
        (_live, _recordings) = (live, recordings);
        _db = db;
        _clock = clock;
        _secrets = TargetSecret.Protector(protection);
        _options = options.Value;
    }

    /// <summary>Opens or resumes a session and gives the token that one connection may redeem.</summary>
    public async Task<GrantResult> GrantAsync(GrantRequest request, Actor actor, CancellationToken cancel)
    {
        var now = _clock.GetUtcNow();
        var session = await ResumableAsync(request, cancel);
        if (session is null)
        {
            if (request.KeepAccount)
                return new GrantResult.Over();
            if (request.Target.Protocol != TargetProtocol.Ssh)
            {
                var shown = await ShownToAsync(request, cancel);
                if (!request.Displace && shown.Except([request.Person.Value]).ToList() is [var other, ..])
                    return new GrantResult.Occupied(new PersonId(other));
                if (!request.TakeOver && shown.Count > 0)
                    return new GrantResult.Elsewhere();
            }

            if (await OpenBesideAsync(request, cancel) >= _options.SessionsPerPerson)
                return await RefuseAsync(request, actor, new GrantResult.TooMany(), "sessions-per-person", cancel);
            if (_live.Count >= _options.SessionsPerNode)
                return await RefuseAsync(request, actor, new GrantResult.Full(), "sessions-per-node", cancel);
            if (request.Target.Recording == RecordingPolicy.Mandatory
                && _recordings.ObstacleFor(request.Target.Protocol, request.Target.UserName) is { } obstacle)
            {
                return await RefuseAsync(request, actor, new GrantResult.NotRecordable(obstacle), $"recording-{obstacle}", cancel);
            }

            session = Session.Open(request, _secrets.Protect(request.Target.Password), now);
            _db.Sessions.Add(session);
            _db.Audit(
                _clock, actor, "session.granted", $"{request.Target.Kind}:{request.Target.Id}", request.Target.Name,
                new { session = session.Id, clipboard = request.Clipboard.ToString() });
        }
        else
        {
            session.Retarget(request, request.KeepAccount ? null : _secrets.Protect(request.Target.Password));
        }

        var token = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
        var grant = new Grant
        {
            Id = Guid.CreateVersion7(now),
            TokenHash = Grant.HashOf(token),
            SessionId = session.Id,
            PersonId = request.Person.Value,
            SignInId = request.SignIn.Value,
            IssuedAt = now,
            ExpiresAt = now + (request.Door == GrantDoor.Native ? _options.NativeTokenLife : _options.TokenLife),
            Door = request.Door,
        };
        _db.Grants.Add(grant);
        await _db.SaveChangesAsync(cancel);
        return new GrantResult.Granted(new SessionGrant(new SessionId(session.Id), token, grant.ExpiresAt));
    }

    /// <summary>Asks the nodes to end every open session on a target; they do within a second or two.</summary>
    public Task EndAllAsync(string kind, Guid target, string reason, CancellationToken cancel) =>
        _db.Sessions
            .Where(s => s.TargetKind == kind && s.TargetId == target && s.EndedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(s => s.EndAsked, reason), cancel);

    /// <summary>Who has a target of this kind open.</summary>
    public async Task<IReadOnlyList<OpenSession>> OpenOnAsync(string kind, CancellationToken cancel) =>
        await _db.Sessions
            .Where(s => s.TargetKind == kind && s.EndedAt == null && s.EndAsked == null)
            .Select(s => new OpenSession(new SessionId(s.Id), new PersonId(s.PersonId), s.TargetId))
            .ToListAsync(cancel);

    /// <summary>How the latest session on each of these targets stands; nothing for a target that was never opened.</summary>
    public async Task<IReadOnlyDictionary<Guid, LastUse>> LastUseAsync(string kind, IReadOnlyCollection<Guid> targets, CancellationToken cancel)
    {
        var ids = targets.ToArray();
        var rows = await _db.Sessions
            .Where(s => s.TargetKind == kind && ids.Contains(s.TargetId))
            .GroupBy(s => s.TargetId).Select(g => g.OrderByDescending(s => s.OpenedAt).Select(s => new { s.TargetId, s.SeenAt, s.EndedAt, s.End, s.EndAsked }).First())
            .ToListAsync(cancel);
        return rows.ToDictionary(s => s.TargetId, s => new LastUse(s.TargetId, s.End == SessionEnd.Lost ? s.SeenAt : s.EndedAt ?? s.SeenAt, (s.EndedAt, s.EndAsked, s.End) switch
        {
            (null, null, _) => UseEnd.Open,
            (not null, _, SessionEnd.Lost) => UseEnd.Cut,
            (not null, _, SessionEnd.Left) => UseEnd.Left,
            _ => UseEnd.Over,
        }));
    }

    /// <summary>Which targets of this kind a person opened last, the latest first.</summary>
    public async Task<IReadOnlyList<Guid>> LastOpenedAsync(string kind, PersonId person, int most, CancellationToken cancel) =>
        await _db.Sessions
            .Where(s => s.TargetKind == kind && s.PersonId == person.Value)
            .GroupBy(s => s.TargetId).OrderByDescending(g => g.Max(s => s.OpenedAt)).Select(g => g.Key).Take(most)
            .ToListAsync(cancel);

    /// <summary>Asks the node that holds it to end one session.</summary>
    public Task EndAsync(SessionId session, string reason, CancellationToken cancel) =>
        _db.Sessions
            .Where(s => s.Id == session.Value && s.EndedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(s => s.EndAsked, reason), cancel);

    private async Task<GrantResult> RefuseAsync(GrantRequest request, Actor actor, GrantResult answer, string why, CancellationToken cancel)
    {
        _db.Audit(_clock, actor, "session.refused", $"{request.Target.Kind}:{request.Target.Id}", request.Target.Name, new { why });
        await _db.SaveChangesAsync(cancel);
        return answer;
    }

    // The people whose screens show the target now.
    private Task<List<Guid>> ShownToAsync(GrantRequest request, CancellationToken cancel)
    {
        var alive = _clock.GetUtcNow() - 10 * _options.WatchEvery;
        return _db.Sessions
            .Where(s => s.TargetKind == request.Target.Kind && s.TargetId == request.Target.Id && s.EndedAt == null && s.EndAsked == null && s.SeenAt > alive)
            .Select(s => s.PersonId).ToListAsync(cancel);
    }

    // A target that is shown moves here and is not one more; a shell is.
    private Task<int> OpenBesideAsync(GrantRequest request, CancellationToken cancel) =>
        _db.Sessions.CountAsync(
            s => s.PersonId == request.Person.Value && (s.TargetId != request.Target.Id || s.Protocol == TargetProtocol.Ssh) && s.EndedAt == null && s.EndAsked == null,
            cancel);

    private async Task<Session?> ResumableAsync(GrantRequest request, CancellationToken cancel)
    {
        if (request.Resume is not { } resume)
            return null;
        var oldest = _clock.GetUtcNow() - _options.ResumeWithin;
        return await _db.Sessions.SingleOrDefaultAsync(
            s => s.Id == resume.Value && s.PersonId == request.Person.Value && s.SignInId == request.SignIn.Value
                && s.TargetId == request.Target.Id && s.EndedAt == null && s.EndAsked == null && s.SeenAt > oldest,
            cancel);
    }
}
