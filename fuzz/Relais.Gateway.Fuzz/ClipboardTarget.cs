using System.Buffers;
using Relais.Gateway.Protocols;
using Relais.Gateway.Protocols.Rdp;

namespace Relais.Gateway.Fuzz;

/// <summary>What a client sends whose clipboard is open one way, and the numbering that tells which channel that is.</summary>
internal static class ClipboardTarget
{
    public static int Run(byte[] bytes)
    {
        var behaviour = ServerNetwork.TryReadNumbers(bytes, out var numbers) ? numbers.Count + 1 : 0;
        foreach (var inside in (bool[])[true, false])
        {
            var (whole, pieces) = (Pass(bytes, inside, bytes.Length), Pass(bytes, inside, bytes.Length == 0 ? 1 : 1 + (bytes[^1] % 64)));
            Targets.Promise(whole.AsSpan().SequenceEqual(pieces), "any split gives the same");
            var rest = whole.AsSpan();
            while (rest.Length > 0)
            {
                Targets.Promise(RdpFrame.TryReadLength(rest, out var length) == ReadResult.Complete && length <= rest.Length, "what passes is whole frames");
                rest = rest[length..];
            }

            behaviour = HashCode.Combine(behaviour, whole.Length / 16);
        }

        return behaviour;
    }

    private static byte[] Pass(byte[] bytes, bool inside, int step)
    {
        var (gate, output) = (new ClipboardGate(inside, !inside), new ArrayBufferWriter<byte>());
        gate.LearnNames(["cliprdr"]);
        gate.LearnNumbers([.. RdpReplayable.ConnectResponse[..^8], 0x03, 0x0C, 0x0C, 0x00, 0xEB, 0x03, 0x01, 0x00, 0xEC, 0x03, 0x00, 0x00]);
        for (var from = 0; from < bytes.Length; from += step)
            gate.Take(bytes.AsSpan(from, Math.Min(step, bytes.Length - from)), output);
        return output.WrittenSpan.ToArray();
    }
}
