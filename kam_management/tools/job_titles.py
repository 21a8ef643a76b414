"""The business function that a job title tells, in English and in Spanish.

Whoever works with other words adds them here, once: the first line that fits decides, so what is narrow stands above
what is wide ("category manager" before "sales manager" before "managing director").
"""
import re
import unicodedata

# code of a function, and how its words begin; without accents and in lower case. "=it" is the whole word "it".
KEYWORDS = [
    ('sustainability', 'sustainab sostenib environment medioambient medio_ambient =esg =csr =rsc climate clima'),
    ('category', 'categor assortment surtido merchandis'),
    ('purchasing', 'purchas procure sourcing =buyer =buying compra aprovision abastec'),
    ('quality', 'quality calidad food_safety seguridad_alimentaria =qa homologa'),
    ('development', '=r&d =i+d =rd research investigacion develop desarrollo innova product_design diseno packaging '
                    'envase laborator'),
    ('logistics', 'logisti supply_chain cadena_de_suministro warehous almacen transport distribu deposit demand '
                  'inventory existencias'),
    ('it', '=it =cio =cto information_tech informatic =ti tecnologia software digital systems sistemas data =erp'),
    ('finance', 'financ =cfo accountant accounting accounts_payable contab treasur tesorer controll '
                'administracion_y_finanzas credit'),
    ('legal', 'legal lawyer counsel abogad jurid complian cumplimiento'),
    ('people', 'human_resourc recursos_humanos =hr =rrhh personnel talent people'),
    ('marketing', 'marketing brand =marca =marcas trade_market comunicacion communicat shopper =cmo'),
    ('service', 'customer_service customer_care atencion_al_cliente after_sales posventa postventa'),
    ('operations', 'operation operacion =coo plant planta produc manufactur fabrica factory =line mainten mantenim '
                   'engineer ingenier industrial kitchen cocina'),
    ('sales', 'sales ventas comercial commercial key_account cuenta_clave cuentas_clave export store_manager '
              'jefe_de_tienda'),
    ('management', 'managing_director general_manager director_general directora_general gerente gerencia =ceo '
                   'chief_executive president owner propietari founder fundador consejer =partner =socio =socia '
                   'board_member consejo'),
]


def guess_function(title):
    """The code of the function that a job title tells, or None.

    >>> [guess_function(title) for title in ("Purchasing director", "Directora de compras", "Jefe de planta")]
    ['purchasing', 'purchasing', 'operations']
    >>> guess_function("Directora General"), guess_function("Responsable de I+D"), guess_function("Head of IT")
    ('management', 'development', 'it')
    >>> guess_function("Director, Italian region"), guess_function(""), guess_function(None)
    (None, None, None)
    """
    plain = unicodedata.normalize('NFKD', title or '').encode('ascii', 'ignore').decode().lower()
    words = re.findall(r'[a-z0-9&+]+', plain)
    text = ' ' + ' '.join(words) + ' '
    for code, keywords in KEYWORDS:
        for keyword in keywords.split():
            start = keyword.lstrip('=').replace('_', ' ')
            if f' {start} ' in text or (not keyword.startswith('=') and f' {start}' in text):
                return code
    return None
