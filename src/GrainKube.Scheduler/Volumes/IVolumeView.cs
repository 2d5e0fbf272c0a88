using k8s.Models;

namespace GrainKube.Scheduler.Volumes;

/// <summary>Claims, volumes and classes as the scheduler reads them.</summary>
internal interface IVolumeView
{
    V1PersistentVolumeClaim? Claim(string ns, string name);

    V1PersistentVolume? Volume(string name);

    V1StorageClass? Class(string name);

    IEnumerable<V1PersistentVolume> Volumes();

    /// <summary>A change of any of them may let a waiting pod in.</summary>
    IDisposable Subscribe(Action onChange);
}
