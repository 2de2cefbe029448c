using System.Buffers.Binary;
using System.Text;
using CsCheck;
using Relais.Traffic.Measures.Sketches;

namespace Relais.Traffic.Measures.Tests.Sketches;

public sealed class HyperLogLogTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(2_000)]
    [InlineData(50_000)]
    [InlineData(1_000_000)]
    public void The_estimate_stays_within_four_standard_errors(int visitors)
    {
        var sketch = Of(0, visitors);
        Assert.InRange(sketch.Count(), visitors * (1 - 4 * 0.0081), visitors * (1 + 4 * 0.0081));
    }

    [Fact]
    public void Over_many_samples_the_error_is_the_theoretical_one()
    {
        const int Samples = 60;
        const int Visitors = 20_000;
        var squares = 0.0;
        for (var sample = 0; sample < Samples; sample++)
        {
            var error = Of(sample * Visitors, Visitors).Count() / (double)Visitors - 1;
            squares += error * error;
        }

        // 1.04 / sqrt(16384) = 0.81 %; 60 samples tell it to a quarter.
        Assert.InRange(Math.Sqrt(squares / Samples), 0.0055, 0.0110);
    }

    [Fact]
    public void Who_comes_again_counts_once()
    {
        var sketch = Of(0, 500);
        var before = sketch.Count();
        for (var visitor = 0; visitor < 500; visitor++)
            Assert.False(sketch.Add(Name(visitor)));
        Assert.Equal(before, sketch.Count());
    }

    [Fact]
    public void Merging_is_the_same_as_having_seen_all_of_both_in_any_order() =>
        Gen.Select(Gen.Int[0, 6000], Gen.Int[0, 6000], Gen.Int[0, 3000]).Sample(((int First, int Second, int Shared) sizes) =>
        {
            var (a, b) = (Of(0, sizes.First), Of(sizes.First - Math.Min(sizes.Shared, sizes.First), sizes.Second));
            var all = Of(0, sizes.First);
            for (var visitor = 0; visitor < sizes.Second; visitor++)
                all.Add(Name(sizes.First - Math.Min(sizes.Shared, sizes.First) + visitor));
            var (left, right) = (Copy(a), Copy(b));
            left.Merge(b);
            right.Merge(a);
            left.Merge(b);
            Assert.Equal(RedisEncoding.Write(all), RedisEncoding.Write(left));
            Assert.Equal(RedisEncoding.Write(all), RedisEncoding.Write(right));
        }, iter: 40);

    [Fact]
    public void Few_visitors_are_held_sparse_and_many_packed()
    {
        Assert.True(Of(0, 1000).IsSparse);
        Assert.False(Of(0, 10_000).IsSparse);
        Assert.InRange(RedisEncoding.Write(Of(0, 100)).Length, 16, 400);
        Assert.Equal(16 + 12288, RedisEncoding.Write(Of(0, 100_000)).Length);
    }

    [Fact]
    public void What_was_written_is_read_again_the_same() =>
        Gen.Int[0, 20_000].Sample(visitors =>
        {
            var written = RedisEncoding.Write(Of(7, visitors));
            var read = Assert.IsType<HyperLogLog>(RedisEncoding.Read(written));
            Assert.Equal(written, RedisEncoding.Write(read));
            Assert.Equal(Of(7, visitors).Count(), read.Count());
        }, iter: 40);

    [Theory]
    [InlineData(500, 502)]
    [InlineData(5000, 5055)]
    public void Redis_makes_the_same_bytes_of_the_same_visitors_and_the_same_count(int visitors, long counted)
    {
        var theirs = File.ReadAllBytes(Path.Combine(Environment.GetEnvironmentVariable("RELAIS_TEST_ROOT") ?? "", $"tests/Relais.Traffic.Measures.Tests/Reference/redis-{visitors}.bin"));
        var ours = new HyperLogLog();
        for (var visitor = 0; visitor < visitors; visitor++)
            ours.Add(Encoding.ASCII.GetBytes($"v{visitor}"));
        Assert.Equal(theirs, RedisEncoding.Write(ours));
        Assert.Equal(counted, RedisEncoding.Read(theirs)?.Count());
    }

    [Fact]
    public void Bytes_that_are_no_sketch_are_refused_and_nothing_is_thrown() =>
        Gen.Select(Gen.Int[0, 5000], Gen.Int[0, 12303], Gen.Byte).Sample(((int Visitors, int At, byte Value) change) =>
        {
            var bytes = RedisEncoding.Write(Of(0, change.Visitors));
            bytes[change.At % bytes.Length] = change.Value;
            RedisEncoding.Read(bytes)?.Count();
            RedisEncoding.Read(bytes.AsSpan(0, change.At % bytes.Length))?.Count();
        }, iter: 500);

    [Theory]
    [InlineData("")]
    [InlineData("HYLL")]
    [InlineData("HYLX000000000000")]
    public void A_wrong_head_is_refused(string head) => Assert.Null(RedisEncoding.Read(Encoding.ASCII.GetBytes(head)));

    internal static HyperLogLog Of(int first, int visitors)
    {
        var sketch = new HyperLogLog();
        for (var visitor = first; visitor < first + visitors; visitor++)
            sketch.Add(Name(visitor));
        return sketch;
    }

    private static HyperLogLog Copy(HyperLogLog sketch) => RedisEncoding.Read(RedisEncoding.Write(sketch)) ?? throw new InvalidOperationException("What was written is not read.");

    private static byte[] Name(int visitor)
    {
        var bytes = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, visitor);
        return bytes;
    }
}
