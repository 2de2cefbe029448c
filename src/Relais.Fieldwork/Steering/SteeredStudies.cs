using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Relais.Access.Contracts;
using Relais.Fieldwork.Studies;

namespace Relais.Fieldwork.Steering;

/// <summary>The only way from another system to a study or a wave: what its key does not reach is as if it were not there.</summary>
internal sealed class SteeredStudies(FieldworkDb db) : IKeyResources
{
    public static string Resource(Guid study) => $"fieldwork-study:{study}";

    public async Task<IReadOnlyList<KeyResource>> ListAsync(CancellationToken cancel) =>
        await db.Studies.AsNoTracking().OrderBy(s => s.Name).Select(s => new KeyResource(Resource(s.Id), s.Name)).ToListAsync(cancel);

    public async Task<Study?> StudyAsync(Guid id, ClaimsPrincipal system, CancellationToken cancel) =>
        system.Reaches(Resource(id)) ? await db.Studies.AsNoTracking().SingleOrDefaultAsync(s => s.Id == id, cancel) : null;

    public async Task<Wave?> WaveAsync(int id, ClaimsPrincipal system, CancellationToken cancel) =>
        await db.Waves.AsNoTracking().SingleOrDefaultAsync(w => w.Id == id, cancel) is { } wave && system.Reaches(Resource(wave.StudyId)) ? wave : null;
}
