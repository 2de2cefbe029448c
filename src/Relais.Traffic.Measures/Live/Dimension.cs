using System.Runtime.InteropServices;

namespace Relais.Traffic.Measures.Live;

/// <summary>By what live figures are told apart. The numbers are stored: they never change.</summary>
public enum Dimension : short
{
    All = 0,
    Site = 1,
    Channel = 2,
    Device = 3,
    Region = 4,
    Player = 5,
}

/// <summary>A value of a dimension: the channel "Radio Relais", the site 7.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct DimensionValue(Dimension Dimension, string Text);
