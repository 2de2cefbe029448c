using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;

namespace Relais.Kernel.Audit;

/// <summary>What a check of the audit chain found.</summary>
public abstract record ChainCheck
{
    private ChainCheck() { }

    /// <summary>Every line follows from the one before, up to the head that the database remembers.</summary>
    public sealed record Whole(long Lines, string HeadHash) : ChainCheck;

    /// <summary>The first place where the chain does not hold, and why.</summary>
    public sealed record Broken(long Seq, ChainFault Fault) : ChainCheck;
}

public enum ChainFault
{
    /// <summary>A line with this number is not there.</summary>
    Missing,

    /// <summary>The line's content does not give the hash that it carries.</summary>
    Altered,

    /// <summary>The line does not name the hash of the one before.</summary>
    Detached,

    /// <summary>Lines at the end are gone: the head remembers a later one.</summary>
    Truncated,
}

/// <summary>Checks the chain outside the database's own functions, which an intruder could have replaced.</summary>
public static class AuditChain
{
    public static async Task<ChainCheck> VerifyAsync(KernelDb db, CancellationToken cancel)
    {
        // One snapshot for the head and the lines, so that lines appended meanwhile are not called a fault.
        await using var snapshot = await db.Database.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancel);
        var head = await db.Database.SqlQueryRaw<Head>("SELECT seq AS \"Seq\", hash AS \"Hash\" FROM kernel.audit_head").SingleAsync(cancel);

        var expected = 1L;
        var previous = new byte[SHA256.HashSizeInBytes];
        await foreach (var line in db.AuditLines.AsNoTracking().OrderBy(l => l.Seq).AsAsyncEnumerable().WithCancellation(cancel))
        {
            if (line.Seq != expected)
                return new ChainCheck.Broken(expected, ChainFault.Missing);
            if (!line.PreviousHash.AsSpan().SequenceEqual(previous))
                return new ChainCheck.Broken(line.Seq, ChainFault.Detached);
            if (!line.Hash.AsSpan().SequenceEqual(HashOf(line)))
                return new ChainCheck.Broken(line.Seq, ChainFault.Altered);
            previous = line.Hash;
            expected++;
        }

        return head.Seq == expected - 1 && head.Hash.AsSpan().SequenceEqual(previous)
            ? new ChainCheck.Whole(head.Seq, Convert.ToHexStringLower(previous))
            : new ChainCheck.Broken(expected, ChainFault.Truncated);
    }

    internal static byte[] HashOf(AuditLine line)
    {
        var text = new StringBuilder();
        Field(text, line.Seq.ToString(CultureInfo.InvariantCulture));
        Field(text, ((line.At.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond).ToString(CultureInfo.InvariantCulture));
        Field(text, line.Actor);
        Field(text, line.ActorName);
        Field(text, line.Address ?? "");
        Field(text, line.Action);
        Field(text, line.Subject);
        Field(text, line.SubjectName);
        Field(text, line.Detail);
        return SHA256.HashData([.. line.PreviousHash, .. Encoding.UTF8.GetBytes(text.ToString())]);
    }

    private static void Field(StringBuilder text, string field) =>
        text.Append(CultureInfo.InvariantCulture, $"{Encoding.UTF8.GetByteCount(field)}:{field}");

    private sealed record Head(long Seq, byte[] Hash);
}
