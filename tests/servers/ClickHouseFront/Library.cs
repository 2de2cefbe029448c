using System.Reflection;
using System.Runtime.InteropServices;

namespace ClickHouseFront;

/// <summary>ClickHouse as a library (chDB): one engine a process, which is asked in SQL and answers bytes.</summary>
internal static partial class Library
{
    private const string Name = "chdb";

    /// <summary>Says where the library lies, before anything else is called.</summary>
    public static void Load(string path) =>
        NativeLibrary.SetDllImportResolver(typeof(Library).Assembly, (string name, Assembly _, DllImportSearchPath? _) => name == Name ? NativeLibrary.Load(path) : IntPtr.Zero);

    /// <returns>A pointer to the connection.</returns>
    [LibraryImport(Name, EntryPoint = "chdb_connect", StringMarshalling = StringMarshalling.Utf8)]
    public static partial IntPtr Connect(int count, string[] arguments);

    [LibraryImport(Name, EntryPoint = "chdb_close_conn")]
    public static partial void Close(IntPtr connection);

    [LibraryImport(Name, EntryPoint = "chdb_query_n")]
    public static partial IntPtr Query(IntPtr connection, ReadOnlySpan<byte> query, nuint queryLength, ReadOnlySpan<byte> format, nuint formatLength);

    [LibraryImport(Name, EntryPoint = "chdb_result_buffer")]
    public static partial IntPtr Buffer(IntPtr result);

    [LibraryImport(Name, EntryPoint = "chdb_result_length")]
    public static partial nuint Length(IntPtr result);

    [LibraryImport(Name, EntryPoint = "chdb_result_error")]
    public static partial IntPtr Error(IntPtr result);

    [LibraryImport(Name, EntryPoint = "chdb_destroy_query_result")]
    public static partial void Free(IntPtr result);
}
