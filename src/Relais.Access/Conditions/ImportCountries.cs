using Microsoft.EntityFrameworkCore;
using Npgsql;
using Relais.Kernel.Audit;

namespace Relais.Access.Conditions;

internal abstract record CountriesOutcome
{
    private CountriesOutcome() { }

    internal sealed record Done(int Ranges, int Countries) : CountriesOutcome;

    /// <summary>Nothing was changed. The first <see cref="CountryFile.MostFaults"/>.</summary>
    internal sealed record Faulty(IReadOnlyList<CountryFault> Faults) : CountriesOutcome;
}

/// <summary>Takes in the institute's files of countries, in place of what was in before, all or nothing.</summary>
internal sealed class ImportCountries(AccessDb db, TimeProvider clock)
{
    private const string Copy = "COPY access.country_range (first, last, country) FROM STDIN (FORMAT BINARY)";

    public async Task<CountriesOutcome> HandleAsync(IReadOnlyList<(string Name, Stream Content)> files, Actor actor, CancellationToken cancel)
    {
        var (ranges, faults) = (new List<CountryRange>(), new List<CountryFault>());
        foreach (var (name, content) in files)
        {
            using var text = new StreamReader(content, leaveOpen: true);
            CountryFile.Read(name, text, ranges, faults);
        }

        if (faults.Count == 0)
            CountryFile.Order(ranges, faults);
        if (faults.Count > 0)
            return new CountriesOutcome.Faulty(faults);

        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var setting = await EditRules.HoldAsync(db, cancel);
        await db.CountryRanges.ExecuteDeleteAsync(cancel);
        await WriteAsync(ranges, cancel);
        var countries = ranges.Select(r => r.Country).Distinct(StringComparer.Ordinal).Count();
        var named = string.Join(", ", files.Select(f => f.Name));
        (setting.Countries, setting.CountriesAt, setting.CountryRanges) = (Guid.CreateVersion7(), clock.GetUtcNow(), ranges.Count);
        setting.CountriesName = named.Length > AccessModel.CountriesNameLength ? named[..AccessModel.CountriesNameLength] : named;
        db.Audit(clock, actor, "countries.imported", detail: new { file = setting.CountriesName, ranges = ranges.Count, countries });
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return new CountriesOutcome.Done(ranges.Count, countries);
    }

    private async Task WriteAsync(List<CountryRange> ranges, CancellationToken cancel)
    {
        var connection = (NpgsqlConnection)db.Database.GetDbConnection();
        await using var copy = await connection.BeginBinaryImportAsync(Copy, cancel);
        foreach (var range in ranges)
        {
            await copy.StartRowAsync(cancel);
            await copy.WriteAsync(range.First, cancel);
            await copy.WriteAsync(range.Last, cancel);
            await copy.WriteAsync(range.Country, cancel);
        }

        await copy.CompleteAsync(cancel);
    }
}
