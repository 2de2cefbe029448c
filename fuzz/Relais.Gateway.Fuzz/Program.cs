using Relais.Gateway.Fuzz;
using SharpFuzz;

// relais-fuzz [--seconds 60] [--target NAME] [--random 1] [--seeds FOLDER] [--out FOLDER]
//     mutates seeds for a bounded time; exits 1 and keeps the input when something breaks.
// relais-fuzz --replay FILE --target NAME
// relais-fuzz --afl NAME
//     for afl-fuzz with binaries instrumented by SharpFuzz: afl-fuzz -i seeds/NAME -o out dotnet Relais.Gateway.Fuzz.dll --afl NAME
var options = args.Chunk(2).Where(pair => pair.Length == 2).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);
string Option(string name, string otherwise) => options.GetValueOrDefault(name, otherwise);

if (options.TryGetValue("--afl", out var afl))
{
    var target = Targets.All[afl];
    Fuzzer.OutOfProcess.Run(stream =>
    {
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        target(bytes.ToArray());
    });
    return 0;
}

if (options.TryGetValue("--replay", out var file))
{
    Console.WriteLine(Targets.All[Option("--target", "start-up")](await File.ReadAllBytesAsync(file)));
    return 0;
}

var only = Option("--target", "");
var targets = Targets.All.Where(t => only.Length == 0 || string.Equals(t.Key, only, StringComparison.Ordinal)).ToList();
if (targets.Count == 0)
{
    Console.Error.WriteLine($"No such target. There are: {string.Join(", ", Targets.All.Keys)}");
    return 2;
}

var time = TimeSpan.FromSeconds(double.Parse(Option("--seconds", "60"), System.Globalization.CultureInfo.InvariantCulture)) / targets.Count;
var random = int.Parse(Option("--random", "1"), System.Globalization.CultureInfo.InvariantCulture);
var broken = 0;
foreach (var (name, target) in targets)
{
    var folder = Path.Combine(Option("--seeds", "seeds"), name);
    byte[][] seeds = Directory.Exists(folder) ? [.. Directory.GetFiles(folder).Order(StringComparer.Ordinal).Select(File.ReadAllBytes)] : [];
    if (seeds.Length == 0)
    {
        Console.Error.WriteLine($"{name}: no seeds in {Path.GetFullPath(folder)}");
        return 2;
    }

    if (new Campaign(name, target, seeds, new Random(random), TimeProvider.System).Run(time) is not { } input)
        continue;
    broken++;
    var kept = Path.Combine(Directory.CreateDirectory(Option("--out", "found")).FullName, $"{name}-{Campaign.NameOf(input)}.bin");
    await File.WriteAllBytesAsync(kept, input);
    Console.Error.WriteLine($"{name}: broken by {kept}");
}

return broken == 0 ? 0 : 1;
