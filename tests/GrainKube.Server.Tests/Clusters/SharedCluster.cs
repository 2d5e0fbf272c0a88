namespace GrainKube.Server.Tests.Clusters;

/// <summary>One cluster for all test classes that name it as their fixture; each test has a namespace of its own. It ends with the last of the classes.</summary>
public sealed class SharedCluster : IAsyncLifetime
{
    private static readonly SemaphoreSlim Gate = new(1);
    private static ServerCluster? shared;
    private static int users;

    internal ServerCluster Cluster => shared!;

    public async Task InitializeAsync()
    {
        await Gate.WaitAsync();
        try
        {
            shared ??= await ServerCluster.StartAsync();
            users++;
        }
        finally
        {
            Gate.Release();
        }
    }

    public async Task DisposeAsync()
    {
        await Gate.WaitAsync();
        try
        {
            if (shared is { } cluster && --users == 0)
            {
                shared = null;
                await cluster.DisposeAsync();
            }
        }
        finally
        {
            Gate.Release();
        }
    }
}
