using System.Buffers.Binary;
using System.Text;

namespace Relais.Gateway.Protocols.Rdp;

/// <summary>The static channels that a client asks for, CS_NET ([MS-RDPBCGR] 2.2.1.3.4).</summary>
public static class ClientNetwork
{
    /// <summary>The most channels there can be (2.2.1.3.4, channelCount).</summary>
    public const int MaxChannels = 31;

    private const int CountOffset = 4;
    private const int ArrayOffset = 8;
    private const int NameLength = 8;
    private const int DefinitionLength = NameLength + 4;

    /// <summary>Reads the names, in the order that gives the channels their numbers.</summary>
    public static bool TryReadNames(ReadOnlySpan<byte> block, out IReadOnlyList<string> names)
    {
        names = [];
        if (!TryReadCount(block, out var count))
            return false;
        var read = new string[count];
        for (var i = 0; i < count; i++)
            read[i] = Name(block.Slice(ArrayOffset + (i * DefinitionLength), NameLength));
        names = read;
        return true;
    }

    /// <summary>Renames each channel that the policy does not allow, and writes the allowed ones without stray bytes after their end.</summary>
    /// <returns>False when the block is malformed, which then is unchanged.</returns>
    public static bool Enforce(Span<byte> block, ChannelPolicy policy)
    {
        if (!TryReadCount(block, out var count))
            return false;
        for (var i = 0; i < count; i++)
        {
            var field = block.Slice(ArrayOffset + (i * DefinitionLength), NameLength);
            var name = Name(field);
            if (!policy.Allows(name))
                name = $"deny{i:00}";
            field.Clear();
            Encoding.ASCII.GetBytes(name, field);
        }

        return true;
    }

    private static bool TryReadCount(ReadOnlySpan<byte> block, out int count)
    {
        count = 0;
        if (block.Length < ArrayOffset)
            return false;
        var announced = BinaryPrimitives.ReadUInt32LittleEndian(block[CountOffset..]);
        if (announced > MaxChannels || block.Length != ArrayOffset + (announced * DefinitionLength))
            return false;
        count = (int)announced;
        return true;
    }

    // 2.2.1.3.4.1: up to seven ANSI characters and a NUL. Latin-1 keeps bytes over 127 apart from any name that a policy allows.
    private static string Name(ReadOnlySpan<byte> field)
    {
        var end = field[..(NameLength - 1)].IndexOf((byte)0);
        return Encoding.Latin1.GetString(field[..(end < 0 ? NameLength - 1 : end)]);
    }
}
