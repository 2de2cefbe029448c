using System.Security.Cryptography;

namespace Relais.Gateway.Fuzz;

/// <summary>Feeds mutated seeds to one target for a while, and keeps what made it behave in a new way.</summary>
internal sealed class Campaign(string name, Func<byte[], int> target, IReadOnlyList<byte[]> seeds, Random random, TimeProvider clock)
{
    private const int CorpusLimit = 4000;

    /// <summary>Runs for this long, or until something breaks.</summary>
    /// <returns>The input that broke the target, or null.</returns>
    public byte[]? Run(TimeSpan time)
    {
        var corpus = new List<byte[]>(seeds);
        var known = new HashSet<int>();
        var mutator = new Mutator(random);
        var start = clock.GetTimestamp();
        long runs = 0;
        foreach (var seed in seeds)
        {
            if (Breaks(seed, known, out _))
                return seed;
        }

        while (runs % 256 != 0 || clock.GetElapsedTime(start) < time)
        {
            var input = mutator.Mutate(corpus[random.Next(corpus.Count)], corpus[random.Next(corpus.Count)]);
            runs++;
            if (Breaks(input, known, out var isNew))
                return input;
            if (isNew && corpus.Count < CorpusLimit)
                corpus.Add(input);
        }

        Console.WriteLine($"{name}: {runs} runs, {known.Count} behaviours, nothing broken");
        return null;
    }

    public static string NameOf(byte[] input) => Convert.ToHexStringLower(SHA256.HashData(input))[..16];

    private bool Breaks(byte[] input, HashSet<int> known, out bool isNew)
    {
        isNew = false;
        try
        {
            isNew = known.Add(target(input));
            return false;
        }
        catch (Exception e)
        {
            // Any exception is a finding: parsers never throw.
            Console.Error.WriteLine($"{name}: {e}");
            return true;
        }
    }
}
