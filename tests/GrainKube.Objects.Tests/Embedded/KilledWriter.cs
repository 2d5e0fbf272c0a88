using System.Globalization;
using GrainKube.Objects.Embedded;
using GrainKube.Objects.Store;

namespace GrainKube.Objects.Tests.Embedded;

/// <summary>The process that a test kills: writes as fast as it can and says what was acknowledged. Run as <c>dotnet GrainKube.Objects.Tests.dll FILE</c>.</summary>
internal static class KilledWriter
{
    public static async Task<int> Main(string[] arguments)
    {
        await using var store = new EmbeddedObjectStore(new() { Path = arguments[0] });
        await Task.WhenAll(Enumerable.Range(0, 16).Select(writer => Task.Run(async () =>
        {
            for (var i = 0; ; i++)
            {
                var key = string.Create(CultureInfo.InvariantCulture, $"/killed/{writer}-{i}");
                var commit = await store.CommitAsync(StoreTransaction.Create(key, new byte[2000]).And(StoreWrite.Put(key + "/twin", new byte[1])), CancellationToken.None);
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{key} {commit.Revision}"));
            }
        })));
        return 0;
    }
}
