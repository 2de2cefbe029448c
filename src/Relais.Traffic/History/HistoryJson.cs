using System.Text.Json.Serialization;
using Relais.Traffic.Imports;

namespace Relais.Traffic.History;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(HistorySettings))]
[JsonSerializable(typeof(ImportState))]
internal sealed partial class HistoryJson : JsonSerializerContext;
