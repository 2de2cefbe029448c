namespace Relais.Desktops.Desktops;

/// <summary>A person's desktop: what is wanted of it, and what the reconciler last saw.</summary>
internal sealed class Desktop
{
    /// <summary>The fault of one that waits for room.</summary>
    /// <summary>What the names of instances begin with; the row's id follows.</summary>
    public const string InstancePrefix = "d-";

    public const string NoRoom = "room";

    public Guid Id { get; init; }

    /// <summary>Whose it is; empty while it is one of a pool that nobody has opened.</summary>
    public Guid PersonId { get; set; }

    /// <summary>The pool that it is of; null for a personal one.</summary>
    public Guid? PoolId { get; init; }

    /// <summary>The home that it is lent, which outlives it; null when its home is its own.</summary>
    public Guid? HomeId { get; init; }

    /// <summary>Since when somebody has it, when it is of a pool.</summary>
    public DateTimeOffset? ClaimedAt { get; set; }

    /// <summary>When its person last asked to open it, to the minute, when it is of a pool.</summary>
    public DateTimeOffset? AskedForAt { get; set; }

    /// <summary>When its person last asked to open it while it was not there, to some seconds.</summary>
    public DateTimeOffset? AwaitedAt { get; set; }

    /// <summary>Since when it waits for room; null while it does not.</summary>
    public DateTimeOffset? QueuedAt { get; set; }

    /// <summary>Name of the bundle that it is made from.</summary>
    public required string Bundle { get; set; }

    /// <summary>Which version of the bundle's image its root was made from; null until there is one, and for roots older than versions.</summary>
    public string? Image { get; set; }

    /// <summary>Number of the root that is wanted: a higher one than the instance carries has it made anew, with the home kept.</summary>
    public int Root { get; set; }

    /// <summary>Number of the start that is wanted: a higher one than the instance carries has it started again.</summary>
    public int Boot { get; set; }

    /// <summary>Counts what was asked of it; <see cref="Reached"/> says up to which asking all is done.</summary>
    public long Asked { get; set; }

    public long Reached { get; set; }

    /// <summary>Memory in MiB, when it is another than the bundle's.</summary>
    public int? MemoryMiB { get; set; }

    /// <summary>Processors, when they are others than the bundle's.</summary>
    public int? Cpu { get; set; }

    /// <summary>Whether it is never put to rest by itself, whatever its bundle says.</summary>
    public bool AlwaysOn { get; set; }

    /// <summary>Since when it runs or is frozen without a session; null while somebody uses it, and while it is stopped.</summary>
    public DateTimeOffset? IdleSince { get; set; }

    /// <summary>When it will be deleted with its home, unless somebody keeps it.</summary>
    public DateTimeOffset? DeleteAt { get; set; }

    /// <summary>The snapshot that its home is to go back to.</summary>
    public Guid? RestoreFrom { get; set; }

    /// <summary>Its place in the desktops' network: the address is the network's base plus this.</summary>
    public int Slot { get; init; }

    /// <summary>Password of the desktop's account, encrypted; only the gateway ever uses it.</summary>
    public required string Secret { get; init; }

    public Wanted Wanted { get; set; }

    public DesktopState State { get; set; }

    public DateTimeOffset StateSince { get; set; }

    /// <summary>Address and port of its RDP end, once known.</summary>
    public string? Address { get; set; }

    /// <summary>SHA-256 of the certificate that it made at its first start.</summary>
    public byte[]? CertificateSha256 { get; set; }

    /// <summary>What is wrong, as a key that pages put into words; null when nothing is.</summary>
    public string? Fault { get; set; }

    /// <summary>The engine's own words for the fault, for administrators.</summary>
    public string? FaultDetail { get; set; }

    /// <summary>Failures in a row, which space out the attempts.</summary>
    public int Attempts { get; set; }

    public DateTimeOffset? NextAttemptAt { get; set; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? OpenedAt { get; set; }

    /// <summary>What the engine calls it. Made from the id, so that no second instance can have the name.</summary>
    public string Instance => $"{InstancePrefix}{Id:N}";

    /// <summary>The volume of its home, which outlives the instance.</summary>
    public string HomeVolume => $"home-{HomeId ?? Id:N}";

    /// <summary>Whether it is of a pool and waits for somebody.</summary>
    public bool IsSpare => PoolId is not null && PersonId == Guid.Empty;

    /// <summary>Whether it is to run and there is no room for it yet.</summary>
    public bool IsQueued => State == DesktopState.Waiting && Fault == NoRoom && QueuedAt is not null;

    /// <summary>A place for somebody's desktop; nothing is made of it yet.</summary>
    /// <param name="state">Waiting, when somebody waits for it.</param>
    /// <param name="secret">As <see cref="DesktopSecret.New"/> makes it.</param>
    public static Desktop Allocate(Guid person, string bundle, int slot, DesktopState state, string secret, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now),
        PersonId = person,
        Bundle = bundle,
        Slot = slot,
        Secret = secret,
        Wanted = Wanted.Stopped,
        State = state,
        StateSince = now,
        CreatedAt = now,
    };

    /// <summary>One of a pool, to be started at once.</summary>
    /// <param name="person">Who has it; empty for nobody yet.</param>
    /// <param name="home">The home that it is lent, if the pool keeps them.</param>
    public static Desktop OfPool(Guid pool, Guid person, Guid? home, string bundle, int slot, string secret, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now),
        PoolId = pool,
        PersonId = person,
        HomeId = home,
        Bundle = bundle,
        Slot = slot,
        Secret = secret,
        Wanted = Wanted.Running,
        State = DesktopState.Waiting,
        StateSince = now,
        Asked = 1,
        CreatedAt = now,
        ClaimedAt = person == Guid.Empty ? null : now,
        AskedForAt = person == Guid.Empty ? null : now,
    };

    /// <summary>Stands for the home of a pool that is removed, so that it is deleted like any desktop's.</summary>
    /// <param name="home">The home's id, which its volume is named after.</param>
    public static Desktop LastHome(Guid home, Guid pool, Guid person, string bundle, int slot, string secret, DateTimeOffset now) => new()
    {
        Id = home,
        PoolId = pool,
        PersonId = person,
        Bundle = bundle,
        Slot = slot,
        Secret = secret,
        Wanted = Wanted.Deleted,
        State = DesktopState.Stopping,
        StateSince = now,
        Asked = 1,
        CreatedAt = now,
    };

    /// <summary>Asks for a state, at once, whatever failed before.</summary>
    public void Want(Wanted wanted, DateTimeOffset now)
    {
        Wanted = wanted;
        if (wanted == Wanted.Running)
            IdleSince = null;
        Ask(now);
    }

    /// <summary>Something of it was changed that the engine is to follow.</summary>
    public void Ask(DateTimeOffset now)
    {
        Asked++;
        Attempts = 0;
        NextAttemptAt = null;
        if (State == DesktopState.Failed)
            See(DesktopState.Waiting, now);
    }

    public void See(DesktopState state, DateTimeOffset now)
    {
        if (State == state)
            return;
        State = state;
        StateSince = now;
        QueuedAt = null;
        if (Fault == NoRoom)
            Fault = null;
    }

    /// <summary>Whether its person asked for it since then, and so waits in front of a screen.</summary>
    public bool IsAwaited(DateTimeOffset since) => AwaitedAt > since || AskedForAt > since;

    public void Succeed(DesktopState state, DateTimeOffset now)
    {
        See(state, now);
        Reached = Asked;
        (Fault, FaultDetail, Attempts, NextAttemptAt) = (null, null, 0, null);
    }

    /// <summary>Notes a failure; the next attempt comes after 1, 2, 4 ... 60 seconds.</summary>
    public void Fail(string fault, string detail, DateTimeOffset now)
    {
        See(DesktopState.Failed, now);
        (Fault, FaultDetail) = (fault, detail);
        NextAttemptAt = now + TimeSpan.FromSeconds(Math.Min(60, 1 << Math.Min(Attempts, 6)));
        Attempts++;
    }
}

/// <summary>What a desktop should be.</summary>
public enum Wanted
{
    Running,
    Frozen,
    Stopped,

    /// <summary>The instance and its home are to go.</summary>
    Deleted,

    /// <summary>The instance is to go; the home stays, until somebody brings it back.</summary>
    Archived,
}

/// <summary>What a desktop was when the reconciler last looked.</summary>
public enum DesktopState
{
    /// <summary>Nothing done yet: the image or the engine is not ready, or it waits for its turn.</summary>
    Waiting,
    Creating,
    Starting,

    /// <summary>Its RDP end answers.</summary>
    Running,
    Resuming,
    Frozen,
    Stopping,
    Stopped,
    Failed,
}
