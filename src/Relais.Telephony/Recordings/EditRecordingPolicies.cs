using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Relais.Kernel.Audit;
using Relais.Telephony.Speaking;

namespace Relais.Telephony.Recordings;

/// <summary>What was typed for a policy.</summary>
/// <param name="Announcement">"none", "text" or "file".</param>
/// <param name="File">What was uploaded; null to keep what is there.</param>
internal sealed record PolicyFields(string? Key, string? Mode, string? Share, string? KeepDays, string? Announcement, string? Text, byte[]? File);

/// <summary>A field that is wrong, and why: the end of a text's name.</summary>
internal sealed record PolicyFault(string Field, string Why);

/// <summary>Says what is recorded.</summary>
internal sealed class EditRecordingPolicies(TelephonyDb db, Announcer announcer, TimeProvider clock)
{
    private const int TextLength = 500;

    private static readonly TimeSpan Lately = TimeSpan.FromDays(90);

    public async Task<IReadOnlyList<RecordingPolicy>> AllAsync(CancellationToken cancel)
    {
        var all = await db.RecordingPolicies.AsNoTracking().OrderBy(p => p.Key).ToListAsync(cancel);
        return all.Exists(p => p.Key == RecordingPolicy.ForOthers) ? all : [new RecordingPolicy { Key = RecordingPolicy.ForOthers }, .. all];
    }

    /// <summary>What calls of late were for, by which a rule is found.</summary>
    public async Task<IReadOnlyList<string>> StudiesAsync(CancellationToken cancel)
    {
        var since = clock.GetUtcNow() - Lately;
        return await db.Calls.AsNoTracking().Where(c => c.AskedAt > since && c.Study != "").Select(c => c.Study).Distinct().OrderBy(s => s).ToListAsync(cancel);
    }

    public async Task<RecordingPolicy?> FindAsync(string key, CancellationToken cancel) =>
        await db.RecordingPolicies.AsNoTracking().SingleOrDefaultAsync(p => p.Key == key, cancel) ?? (key == RecordingPolicy.ForOthers ? new RecordingPolicy { Key = key } : null);

    /// <returns>What is wrong; nothing where it was saved.</returns>
    public async Task<IReadOnlyList<PolicyFault>> SaveAsync(PolicyFields fields, Actor actor, CancellationToken cancel)
    {
        var (key, faults) = (fields.Key?.Trim() ?? "", new List<PolicyFault>());
        if (key.Length > RecordingPolicy.KeyLength || key.Any(char.IsControl))
            faults.Add(new("Key", "long"));
        if (!Enum.TryParse<RecordingMode>(fields.Mode, ignoreCase: true, out var mode) || !Enum.IsDefined(mode))
            faults.Add(new("Mode", "choice"));
        var share = Number(fields.Share, 1, 100, "Share", faults);
        var days = Number(fields.KeepDays, 1, 3650, "KeepDays", faults);
        var policy = await db.RecordingPolicies.SingleOrDefaultAsync(p => p.Key == key, cancel);
        var (text, sound) = await AnnouncementAsync(fields, policy, faults, cancel);
        if (faults.Count > 0)
            return faults;

        if (policy is null)
            db.RecordingPolicies.Add(policy = new RecordingPolicy { Key = key });
        (policy.Mode, policy.Share, policy.KeepDays, policy.AnnouncementText, policy.Announcement, policy.ChangedAt) = (mode, share, days, text, sound, clock.GetUtcNow());
        db.Audit(clock, actor, "call-recording.policy", "", key, new { mode = mode.ToString(), share, keepDays = days, announced = sound is not null });
        await db.SaveChangesAsync(cancel);
        return [];
    }

    public async Task RemoveAsync(string key, Actor actor, CancellationToken cancel)
    {
        if (await db.RecordingPolicies.SingleOrDefaultAsync(p => p.Key == key, cancel) is not { } policy)
            return;
        db.RecordingPolicies.Remove(policy);
        db.Audit(clock, actor, "call-recording.policy-removed", "", key);
        await db.SaveChangesAsync(cancel);
    }

    private async Task<(string? Text, byte[]? Sound)> AnnouncementAsync(PolicyFields fields, RecordingPolicy? policy, List<PolicyFault> faults, CancellationToken cancel)
    {
        switch (fields.Announcement)
        {
            case "text":
                var text = fields.Text?.Trim() ?? "";
                if (text.Length is 0 or > TextLength)
                {
                    faults.Add(new("Text", text.Length == 0 ? "empty" : "long"));
                    return default;
                }

                if (policy is { Announcement: { } spoken } && policy.AnnouncementText == text)
                    return (text, spoken);
                var made = faults.Count > 0 ? null : await announcer.OfTextAsync(text, CultureInfo.CurrentUICulture.TwoLetterISOLanguageName, cancel);
                if (made is null && faults.Count == 0)
                    faults.Add(new("Text", "speaker"));
                return (text, made);
            case "file":
                var sound = fields.File is { Length: > 0 } file ? Announcer.OfFile(file) : policy is { AnnouncementText: null } ? policy.Announcement : null;
                if (sound is null)
                    faults.Add(new("File", fields.File is { Length: > 0 } ? "sound" : "empty"));
                return (null, sound);
            default:
                return default;
        }
    }

    private static int Number(string? typed, int least, int most, string field, List<PolicyFault> faults)
    {
        if (int.TryParse(typed, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
            return number;
        faults.Add(new(field, "count"));
        return least;
    }
}
