using GrainKube.ApiServer.Components;
using GrainKube.Reconciliation.Residents;

namespace GrainKube.Hosting;

/// <summary>A component that consists of grains: it is well where each of them answers, wherever in the cluster it runs.</summary>
internal sealed class ResidentComponent(string name, IEnumerable<IResidents> residents, IGrainFactory grains) : IComponentProbe
{
    public string Name => name;

    /// <exception cref="InvalidOperationException">None of its grains is to run here.</exception>
    public async ValueTask CheckAsync(CancellationToken cancel)
    {
        var own = residents.SelectMany(r => r.All).Where(r => r.Component == name).ToList();
        if (own.Count == 0)
        {
            throw new InvalidOperationException($"the {name} is switched off on this server");
        }

        await Task.WhenAll(own.Select(r => r.StartAsync(grains))).WaitAsync(cancel);
    }
}
